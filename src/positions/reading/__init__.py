"""From documents to codes: texts taken in, the workbench, models as readers."""
