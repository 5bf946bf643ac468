# The rows that smooths are constructed from. mgcv evaluates a basis on all rows
# to construct it, which takes n k numbers; knots, centring and lambda need few.

# The data of a smooth's variables, or rows of them where there are many.
basis_data <- function(data, context) {
  n <- context$n
  if (n <= context$basis_rows) return(data)
  drawn <- fixed_sample(n, context$basis_rows)
  rows <- sort(unique(c(drawn, unlist(lapply(data, remarkable_rows)))))
  take_rows(data, rows)
}

# Rows with the smallest and the largest value, or the first of every level.
remarkable_rows <- function(x) {
  if (is.factor(x)) return(match(seq_len(nlevels(x)), as.integer(x)))
  columns <- if (is.matrix(x)) seq_len(ncol(x)) else 1L
  unlist(lapply(columns, function(j) {
    column <- if (is.matrix(x)) x[, j] else x
    c(which.min(column), which.max(column))
  }))
}

# `size` of n, always the same; R's own random numbers go on as if nothing was.
fixed_sample <- function(n, size) {
  world <- globalenv()
  old <- get0(".Random.seed", world, inherits = FALSE)
  on.exit(if (is.null(old)) {
    rm(".Random.seed", envir = world)
  } else {
    assign(".Random.seed", old, envir = world)
  })
  set.seed(1L, "Mersenne-Twister", "Inversion", "Rejection")
  sample.int(n, size)
}
