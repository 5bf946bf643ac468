# What the scripts of this folder share: data with a column of every type, and
# files that keep every digit.

suppressMessages(library(deepregression4j))

package <- asNamespace("deepregression4j")

# A list, as it has a matrix. `spread` widens the range of x and z, so that new
# rows lie outside the range of the training rows.
toy_data <- function(n, seed, spread = 1) {
  set.seed(seed)
  pick <- function(levels) sample(levels, n, TRUE)
  list(
    x = spread * runif(n, -2, 2), z = spread * runif(n, 0.1, 2),
    w = runif(n, 50, 150), g = factor(pick(c("a", "b", "c"))),
    h = factor(pick(c("u", "v \"quoted\", caf\u00e9"))),
    o = factor(pick(c("low", "mid", "top")), ordered = TRUE),
    l = runif(n) > 0.4, k = pick(1:5), ch = pick(c("yes", "no")),
    M = matrix(rnorm(3 * n), n, 3)
  )
}

digits <- function(x) {
  if (is.double(x)) {
    out <- sprintf("%.17g", x)
    out[is.nan(x)] <- "NaN"
    return(out)
  }
  quoted(as.character(x))
}

quoted <- function(x) paste0("\"", gsub("\"", "\"\"", x, fixed = TRUE), "\"")

# Columns of a matrix m are m.1, m.2, ...
write_table <- function(columns, file) {
  flat <- list()
  for (name in names(columns)) {
    column <- columns[[name]]
    if (is.matrix(column)) {
      parts <- lapply(seq_len(ncol(column)), function(j) digits(column[, j]))
      names(parts) <- paste0(name, ".", seq_along(parts))
      flat <- c(flat, parts)
    } else {
      flat[[name]] <- digits(column)
    }
  }
  lines <- c(
    paste(quoted(names(flat)), collapse = ","), do.call(paste, c(flat, sep = ","))
  )
  connection <- file(file, "wb")
  on.exit(close(connection))
  writeLines(enc2utf8(lines), connection, useBytes = TRUE)
}
