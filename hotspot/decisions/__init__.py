"""What to do first, what it would do, what it costs, and whether it worked: pure functions on values.

Reading order: `priorities` (where first, by `scales` and `ranks`), `evidence` (what measures do, checked by
`records`), `sites` (what could be done where), `effects` and `expectations` (what it would change), `portfolio`
(what fits the budget, by `knapsack`), `evaluation`, `displacement` and `series` (did it work, and could anybody
have seen it).
"""
