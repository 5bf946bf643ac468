# Reading a column back through Java, in R's own type.
through_java <- function(x, small) {
  table <- java_table(list(x = x), small = small)
  on.exit(java_release(table))
  result <- java_result_vector(length(x))
  job <- java_call(
    "startCopyColumn", table, "x", result$address, result$length
  )
  java_job(job, result)
  column <- java_describe_table(table)$columns
  list(values = result$values, kind = column$kind, levels = column$levels[[1]])
}

# Both ways into Java must give the same; 0 sends everything through Arrow.
each_way <- function(check) {
  for (small in c(0, Inf)) check(small)
}

test_classes <- function() {
  classes <- "arrow-bridge/target/test-classes"
  up <- c("../../..", "../../../..")
  found <- Filter(dir.exists, file.path(up, classes))
  skip_if(length(found) == 0L, "the Java test classes are not built here")
  normalizePath(found[1])
}

# Runs R code in a process of its own; returns what it prints. The time limit
# makes a hang a failure.
in_new_r <- function(code, env = character(), seconds = 60) {
  script <- tempfile(fileext = ".R")
  on.exit(unlink(script))
  paths <- sprintf(".libPaths(%s)", paste(deparse(.libPaths()), collapse = ""))
  writeLines(c(paths, code), script)
  out <- suppressWarnings(system2(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", script),
    stdout = TRUE, stderr = TRUE, env = env, timeout = seconds
  ))
  structure(as.character(out), status = attr(out, "status"))
}

expect_output_line <- function(output, line) {
  expect_true(line %in% output, info = paste(output, collapse = "\n"))
}
