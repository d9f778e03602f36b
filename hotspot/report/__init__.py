"""What leaves a release on paper and in files: sentences, maps, the council's paper, and files for a GIS.

Reading order: `names` and `words` (numbers to text), `tables` and `measures` (rows of text), `classes`, `drawing` and
`figures` (maps), `content` and `blocks` (what the paper says), `paper` (PDF) and `document` (DOCX), `export`.
"""
