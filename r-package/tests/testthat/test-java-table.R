test_that("doubles arrive bit for bit", {
  x <- c(1.5, NA, NaN, -Inf, Inf, -0, .Machine$double.xmin, 2^-1074)
  each_way(function(small) {
    got <- through_java(x, small)
    expect_identical(got$kind, "double")
    expect_identical(serialize(got$values, NULL), serialize(x, NULL))
  })
})

test_that("integers and logicals keep NA", {
  each_way(function(small) {
    got <- through_java(c(1L, NA, -7L, .Machine$integer.max), small)
    expect_identical(got$kind, "integer")
    expect_identical(got$values, c(1, NA, -7, 2147483647))
    expect_identical(through_java(c(TRUE, NA, FALSE), small)$values, c(1, NA, 0))
    expect_identical(through_java(NA, small)$kind, "logical")
    expect_identical(through_java(1:5, small)$values, as.double(1:5))
  })
})

test_that("factors keep codes, unused levels and their order", {
  f <- factor(c("v", NA, "u\u00e9"), levels = c("unused", "v", "u\u00e9"))
  each_way(function(small) {
    got <- through_java(f, small)
    expect_identical(got$kind, "factor")
    expect_identical(as.integer(got$values), as.integer(f))
    expect_identical(enc2utf8(got$levels), levels(f))
    ordered <- through_java(factor("b", c("a", "b"), ordered = TRUE), small)
    expect_identical(ordered$kind, "ordered")
    expect_identical(ordered$levels, c("a", "b"))
  })
})

test_that("texts keep NA, the empty text and every script", {
  latin1 <- "\xe9t\xe9"
  Encoding(latin1) <- "latin1"
  s <- c("b", NA, "", latin1, "\U0001F600 \u4e2d", "b")
  each_way(function(small) {
    got <- through_java(s, small)
    expect_identical(got$kind, "string")
    expect_identical(
      got$levels[as.integer(got$values)],
      c("b", NA, "", "\u00e9t\u00e9", "\U0001F600 \u4e2d", "b")
    )
  })
})

test_that("matrices arrive row by row and come back column by column", {
  m <- matrix(c(rnorm(3 * 41), NA), 31)
  expect_identical(dim(m), c(31L, 4L))
  each_way(function(small) {
    got <- through_java(m, small)
    expect_identical(got$kind, "matrix")
    expect_identical(matrix(got$values, 31), m)
    expect_identical(through_java(matrix(1:6, 2), small)$values, as.double(1:6))
    expect_identical(through_java(matrix(1:6, 1), small)$values, as.double(1:6))
    expect_identical(through_java(matrix(1:6, 6), small)$values, as.double(1:6))
  })
})

test_that("zero rows are rows", {
  none <- list(
    a = numeric(), b = integer(), c = character(), d = factor(character(), "u"),
    e = logical(), f = matrix(numeric(), 0, 3)
  )
  each_way(function(small) {
    for (name in names(none)) {
      got <- through_java(none[[name]], small)
      expect_identical(got$values, numeric())
      expect_identical(got$kind, unname(java_kind(none[[name]])))
    }
  })
  expect_identical(through_java(none$d, 0)$levels, "u")
})

test_that("a million rows of several types arrive", {
  set.seed(1)
  n <- 1e6
  x <- list(
    x = rnorm(n), k = sample.int(9L, n, TRUE),
    s = sample(c("a", "b", NA), n, TRUE), m = matrix(rnorm(2 * n), n)
  )
  for (column in x) {
    got <- through_java(column, java_small)
    values <- if (is.character(column)) match(column, got$levels) else column
    expect_identical(got$values, as.double(values))
  }
})

test_that("Java lets go of R's vectors and of its own memory", {
  before <- c(java_call("openHandles"), java_call("importedBytes"), java_lent())
  table <- java_table(
    list(x = runif(1e4), f = gl(2, 5000), s = rep("t", 1e4), m = diag(100)[
      rep(1:100, 100), ]), small = 0
  )
  expect_identical(java_lent(), 3L)
  expect_gt(java_call("importedBytes"), before[2])
  expect_true(java_release(table))
  expect_false(java_release(table))
  after <- c(java_call("openHandles"), java_call("importedBytes"), java_lent())
  expect_identical(after, before)
})

test_that("a lent vector is copied on write and outlives its R name", {
  x <- runif(1e5)
  keep <- x + 0
  table <- java_table(list(x = x), small = 0)
  x[1] <- -1
  rm(x)
  gc()
  result <- java_result_vector(1e5)
  java_job(java_call(
    "startCopyColumn", table, "x", result$address, result$length
  ), result)
  java_release(table)
  expect_identical(result$values, keep)
})

test_that("a forgotten handle is released after the next collection", {
  before <- java_call("openHandles")
  java_table(list(x = 1))
  expect_identical(java_call("openHandles"), before + 1L)
  gc()
  expect_identical(java_call("openHandles"), before)
})

test_that("columns that cannot go are named", {
  expect_error(java_table(list(1)), class = "deepregression4j_error_argument")
  expect_error(java_table(list(z = 1i)), "column 'z'.*complex")
  expect_error(
    java_table(list(a = 1:2, b = 1)), "column 'b': expected 2 rows as in 'a'"
  )
  expect_error(java_table(list(m = array(0, c(2, 2, 2)))), "column 'm'")
  expect_error(java_table(list(m = matrix(0, 2, 0))), "column 'm'")
  expect_error(
    java_table(list(f = addNA(factor(c("a", NA))))), "factor 'f': NA is one"
  )
  failure <- tryCatch(java_table(list(l = list(1))), error = identity)
  expect_identical(failure$fields, list(column = "l"))
})

test_that("an export that fails half-way gives everything back", {
  before <- java_lent()
  columns <- list(a = 1, b = list())
  expect_error(.Call(dr4j_export, columns), "column 'b'")
  columns <- list(a = 1, b = 1i)
  expect_error(.Call(dr4j_export, columns), "column 'b'.*complex")
  gc()
  expect_identical(java_lent(), before)
  unread <- .Call(dr4j_export, list(a = 1, f = gl(2, 1, 1)))
  expect_identical(java_lent(), before + 2L)
  .Call(dr4j_discard, unread)
  .Call(dr4j_discard, unread)
  expect_identical(java_lent(), before)
  expect_error(.Call(dr4j_addresses, unread), "discarded")
})
