"""REFI-QDA: NVivo, ATLAS.ti, MAXQDA, QualCoder."""
