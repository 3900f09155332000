"""The contract of a study, and the study read, judged, begun; its phrases against their texts."""
