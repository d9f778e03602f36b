"""What Streamlit runs for every reader; apart from `pages`, which it would take for scripts of its own."""

from hotspot.ui.script import main

if __name__ == "__main__":  # the worker's process takes this file for its own beginning and must not run it
    main()
