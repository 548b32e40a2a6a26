# Reads the effects from metafor_tight.py, says the numbers as JSON.
suppressPackageStartupMessages(library(metafor))
d <- read.csv(file("stdin"))
# The rule is about the variance itself, so it follows the scale of the effects.
tight <- function(data) list(threshold = 1e-13 * max(1, var(data$yi)), maxiter = 10000, tol = 1e-14)
fit <- function(data, method, ...) rma(yi, vi, data = data, method = method, control = tight(data), ...)
n <- function(x) if (is.null(x) || is.na(x[1])) "null" else
  if (length(x) > 1) paste0("[", paste(sprintf("%.17g", x), collapse = ","), "]") else sprintf("%.17g", x)
put <- function(name, said) cat(sprintf('"%s": {%s}', name,
  paste(sprintf('"%s": %s', names(said), sapply(said, n)), collapse = ", ")))
profile <- function(data) {
  bounds <- confint(fit(data, "REML"), control = list(tol = 1e-15, maxiter = 100000))$random
  list(tau2 = bounds[1, 2:3], tau = bounds[2, 2:3], I2 = bounds[3, 2:3], H2 = bounds[4, 2:3])
}
explained <- function(m) list(k = m$k, p = m$p, estimate = as.vector(m$beta), se = m$se, stat = m$zval,
  df = if (m$test == "knha") m$dfs else NULL, pval = m$pval, ci_lb = m$ci.lb, ci_ub = m$ci.ub, tau2 = m$tau2,
  se_tau2 = m$se.tau2, I2 = m$I2, H2 = m$H2, QE = m$QE, QEp = m$QEp, QM = m$QM, QMp = m$QMp, R2 = m$R2)
cat('{"R": "', R.version$major, ".", R.version$minor, '", "metafor": "',
  as.character(packageVersion("metafor")), '", "q_profile": {', sep = "")
sets <- unique(d$set)
for (name in sets) { if (name != sets[1]) cat(", "); put(name, profile(d[d$set == name, ])) }
cat('}, "latitude": {')
b <- d[d$set == "dat.bcg_RR", ]
for (method in c("REML", "ML", "PM")) for (test in c("z", "knha")) {
  if (paste(method, test) != "REML z") cat(", ")
  put(paste(method, test, sep = "_"), explained(fit(b, method, mods = ~ latitude, test = test)))
}
cat('}, "allocation": {')
put("REML_z", explained(fit(b, "REML", mods = ~ allocation)))
cat("}}\n")
