test_that("failures are conditions with a code, fields and a parent", {
  failure <- tryCatch(java_call("describeTable", "table:0:1"), error = identity)
  expect_s3_class(failure, c(
    "deepregression4j_error_handle", "deepregression4j_error", "error",
    "condition"
  ), exact = TRUE)
  expect_identical(failure$fields, list(handle = "table:0:1"))
  expect_identical(failure$code, "handle")
  expect_s3_class(failure$parent, "simpleError")
  expect_match(conditionMessage(failure), "not of this session")
})

test_that("a released handle and one of another kind are told apart", {
  table <- java_table(list(x = 1))
  id <- table$id
  expect_error(java_call("weights", table), "expected a handle of a Model")
  java_release(table)
  expect_error(java_call("describeTable", id), "was released")
})

test_that("an exception of another caller is not taken for ours", {
  try(rJava::.jcall("java/lang/Integer", "I", "parseInt", "x",
    check = FALSE
  ), silent = TRUE)
  expect_true(is.numeric(java_call("importedBytes")))
})

test_that("a wrong column or address is refused", {
  table <- java_table(list(x = 1, y = 2))
  on.exit(java_release(table))
  failure <- tryCatch(
    java_call("startCopyColumn", table, "z", "", 1),
    deepregression4j_error_column = identity
  )
  expect_identical(conditionMessage(failure),
    "column 'z' is missing: the data have [x, y]")
  expect_error(java_call("startCopyColumn", table, "x", "0", 1), "got 0")
  expect_error(java_call("startCopyColumn", table, "x", "", -1), "length")
  expect_error(java_call("importTable", "abc", "1"), "decimal address")
})

test_that("a job that fails throws its failure in R", {
  table <- java_table(list(x = c(1, 2)))
  before <- java_call("openHandles")
  job <- java_call("startCopyColumn", table, "x", "", 5)
  expect_error(
    java_job(job), "expected a vector of 2 values, got 5",
    class = "deepregression4j_error_argument"
  )
  expect_identical(java_call("openHandles"), before)
  java_release(table)
})

test_that("after a fork Java is not called but an error raised", {
  skip_on_os("windows")
  child <- parallel::mcparallel(
    tryCatch(java_call("openHandles"), error = function(e) class(e)[1])
  )
  got <- parallel::mccollect(child, wait = FALSE, timeout = 20)[[1]]
  expect_identical(got, "deepregression4j_error_forked")
})

test_that("options of Java: ours first, the user's last", {
  ours <- java_parameters(character())
  expect_identical(ours[1], "-XX:+IgnoreUnrecognizedVMOptions")
  expect_true("-XX:MaxRAMPercentage=50" %in% ours)
  theirs <- java_parameters(c("-Xmx1g", "-Dx=y"))
  expect_identical(utils::tail(theirs, 2), c("-Xmx1g", "-Dx=y"))
  expect_false("-XX:MaxRAMPercentage=50" %in% theirs)
  old <- options(deepregression4j.heap = "3g")
  on.exit(options(old))
  expect_true("-Xmx3g" %in% java_parameters(character()))
})

test_that("without an address the values are fetched when the job ends", {
  table <- java_table(list(x = c(1, NA, 3)))
  result <- list2env(list(address = "", length = 3))
  java_job(java_call("startCopyColumn", table, "x", "", 3), result)
  java_release(table)
  expect_identical(result$values, c(1, NA, 3))
})

test_that("who follows the parents of an error meets R conditions only", {
  failure <- tryCatch(java_call("describe", "no such handle"),
    error = function(e) e
  )
  expect_s3_class(failure$parent, "simpleError")
  expect_null(failure$parent$parent)
  expect_match(conditionMessage(failure$parent), "no such handle")
})
