# Take the roll calls on which the President's position is known out of pscl's `s109`.
# Run in this folder: Rscript extract.R      (needs the R package pscl, 1.5.5)
data(s109, package = "pscl")
cast <- s109$votes
known <- cast["BUSH (R USA)", ] %in% 1:6
write.csv(
  data.frame(roll_call = colnames(cast), s109$vote.data)[known, ],
  "rollcalls.csv", row.names = FALSE, eol = "\n"
)
write.csv(
  data.frame(member = rownames(cast), party = s109$legis.data$party, cast[, known], check.names = FALSE),
  "votes.csv", row.names = FALSE, eol = "\n", quote = FALSE
)
