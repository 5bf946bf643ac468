# Speed of the way between R and Java, and time to the first finished epoch.
#
# Rscript tests/benchmarks/bridge.R
#
# Prints rows of the table in README.md. deepregression4j must be installed
# where R finds it (R_LIBS); the other side of the comparison is rJava alone.

values <- 1e7
rounds <- 11L

seconds <- function(code) {
  system.time(code)[["elapsed"]]
}

# First, in a process of its own: from library() to the end of one epoch on a
# thousand rows.
first_epoch <- function() {
  script <- tempfile(fileext = ".R")
  on.exit(unlink(script))
  writeLines(c(
    "set.seed(1)",
    "d <- data.frame(x = rnorm(1000), z = rnorm(1000))",
    "d$y <- d$x + rnorm(1000)",
    "now <- function() c(proc.time()[['elapsed']], sum(proc.time()[1:2]))",
    "start <- now()",
    "library(deepregression4j)",
    "loaded <- now()",
    "m <- deepregression(d$y, list(loc = ~ 1 + x + s(z), scale = ~ 1),",
    "                    data = d, family = 'normal')",
    "built <- now()",
    "invisible(fit(m, epochs = 1, verbose = FALSE))",
    "end <- now()",
    "parts <- rbind(loaded - start, built - loaded, end - built, end - start)",
    "cat(parts)"
  ), script)
  rscript <- file.path(R.home("bin"), "Rscript")
  runs <- replicate(3, system2(rscript, script, stdout = TRUE))
  parts <- vapply(strsplit(runs, " "), as.numeric, numeric(8))
  matrix(apply(parts, 1, stats::median), 4)
}

# In turn, so that what else the machine does meets both sides alike.
in_turn <- function(ours, theirs) {
  times <- vapply(seq_len(rounds), function(i) {
    c(ours = seconds(ours()), theirs = seconds(theirs()))
  }, numeric(2))
  apply(times[, -1], 1, stats::median)
}

internal <- function(name) {
  getFromNamespace(name, "deepregression4j")
}

# Ours: a table of one column in Java, with its address and no copy.
arrow_in <- function(x) {
  table <- internal("java_table")(list(x = x), small = 0)
  internal("java_release")(table)
}

# Through Java and into a vector that R allocated.
arrow_out <- function(table) {
  result <- internal("java_result_vector")(values)
  job <- internal("java_call")(
    "startCopyColumn", table, "x", result$address, result$length
  )
  internal("java_job")(job, result)
}

bridge <- function() {
  x <- stats::rnorm(values)
  into <- in_turn(
    function() arrow_in(x),
    function() rJava::.jarray(x, dispatch = FALSE)
  )
  table <- internal("java_table")(list(x = x), small = 0)
  there <- rJava::.jarray(x, dispatch = FALSE)
  out <- in_turn(
    function() arrow_out(table),
    function() rJava::.jevalArray(there)
  )
  rbind(`in` = into, out = out)
}

row <- function(direction, times) {
  cat(sprintf(
    "| 1e7 doubles %s, ms | %.0f | %.0f | %.1f |\n", direction,
    1e3 * times["ours"], 1e3 * times["theirs"], times["theirs"] / times["ours"]
  ))
}

epoch <- first_epoch()
for (k in 1:2) {
  cat(sprintf(
    "| library(), model, one epoch on 1,000 rows, %s s | %s = %.2f |\n",
    c("wall", "CPU")[k],
    paste(sprintf("%.2f", epoch[1:3, k]), collapse = " + "), epoch[4, k]
  ))
}
options(java.parameters = "-Xmx2g")
suppressMessages(library(deepregression4j))
times <- bridge()
for (direction in rownames(times)) row(direction, times[direction, ])
