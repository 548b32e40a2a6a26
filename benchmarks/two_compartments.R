# Each person of a table by lsoda with compiled C; prints the processor seconds of that alone.
library(deSolve)
asked <- commandArgs(trailingOnly = TRUE)
folder <- asked[1]
dyn.load(file.path(folder, "two_compartments.so"))
people <- as.matrix(read.csv(file.path(folder, "people.csv")))
times <- seq(0, 24, length.out = as.integer(asked[2]))
seen <- matrix(0, nrow = length(times), ncol = nrow(people))
began <- proc.time()
for (one in seq_len(nrow(people))) {
    out <- lsoda(c(0, 0), times, "derivs", people[one, ], dllname = "two_compartments",
                 initfunc = "initmod", rtol = 1e-6, atol = 1e-6)
    seen[, one] <- 1000 * out[, 2] / people[one, 2]
}
taken <- proc.time() - began
con <- file(file.path(folder, "seen.bin"), "wb")
writeBin(as.vector(seen), con)
close(con)
cat(sum(taken[c("user.self", "sys.self")]), "\n")
