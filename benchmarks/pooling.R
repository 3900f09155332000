# The same mixed model in lme4: level, widths, criterion and some effects, for the tests.
#
#   python benchmarks/pooling_tables.py > tables.csv
#   Rscript benchmarks/pooling.R tables.csv
library(lme4)
rows <- read.csv(commandArgs(trailingOnly = TRUE)[1], stringsAsFactors = TRUE)
named <- c("konp", "lga", "nhs-providers", "akaka-d-hi", "collins-r-me", "mccain-r-az")
for (study in levels(rows$study)) {
  found <- lmer(nearness ~ 1 + (1 | body_id) + (1 | proposition_id),
                droplevels(rows[rows$study == study, ]), REML = TRUE)
  widths <- as.data.frame(VarCorr(found))
  print(c(study, fixef(found), setNames(widths$sdcor, widths$grp), REMLcrit(found)))
  effects <- ranef(found)$body_id
  print(effects[rownames(effects) %in% named, , drop = FALSE], digits = 10)
}
