# Each test is an R process of its own: what is tested is how Java starts.

round_trip <- c(
  "library(deepregression4j)",
  "ns <- asNamespace('deepregression4j')",
  "x <- c(1, NA, 3)",
  "h <- ns$java_table(list(x = x), small = 0)",
  "r <- ns$java_result_vector(3)",
  "j <- ns$java_call('startCopyColumn', h, 'x', r$address, 3)",
  "invisible(ns$java_job(j, r))",
  "cat('same:', identical(r$values, x), '\\n')"
)

java_homes <- function() {
  homes <- dirname(dirname(Sys.glob("/usr/lib/jvm/*/bin/java")))
  homes <- unique(normalizePath(homes))
  homes[file.exists(file.path(homes, "lib/server/libjvm.so"))]
}

java_environment <- function(home) {
  c(
    paste0("JAVA_HOME=", home),
    paste0("R_JAVA_LD_LIBRARY_PATH=", home, "/lib/server"),
    "LD_LIBRARY_PATH="
  )
}

test_that("the round trip works on every JDK here, without a word", {
  skip_on_os(c("windows", "mac"))
  homes <- java_homes()
  skip_if(length(homes) == 0L, "no JDK in /usr/lib/jvm")
  version <- "cat(rJava::.jcall('java/lang/System', 'S', 'getProperty',
    'java.home'), '\\n')"
  for (home in homes) {
    got <- in_new_r(c(round_trip, version), java_environment(home))
    expect_identical(as.character(got), c("same: TRUE ", paste0(home, " ")))
  }
})

test_that("another package may have started Java", {
  skip_on_os(c("windows", "mac"))
  for (home in java_homes()) {
    got <- in_new_r(c("rJava::.jinit()", round_trip), java_environment(home))
    expect_output_line(got, "same: TRUE ")
  }
})

test_that("a missing Java is told by the first call, not by library()", {
  skip_on_os(c("windows", "mac"))
  code <- c(
    "library(deepregression4j)", "ns <- asNamespace('deepregression4j')",
    "e <- tryCatch(ns$java_call('openHandles'), error = identity)",
    "cat(class(e)[1], grepl('javareconf', conditionMessage(e)), '\\n')"
  )
  expect_output_line(
    in_new_r(code, java_environment("/nowhere")),
    "deepregression4j_error_java TRUE "
  )
})

test_that("a Java that is too old is told with its home", {
  expect_silent(java_require_version("17", "/x"))
  expect_silent(java_require_version("25", "/x"))
  for (old in c("1.8", "11", "")) {
    expect_error(
      java_require_version(old, "/old"), "17 or newer, got Java.*/old",
      class = "deepregression4j_error_java"
    )
  }
})

test_that("the user's heap is honoured", {
  code <- c(
    "options(java.parameters = '-Xmx321m')", round_trip,
    "r <- rJava::.jcall('java/lang/Runtime', 'Ljava/lang/Runtime;',
      'getRuntime')",
    "cat(rJava::.jcall(r, 'J', 'maxMemory') / 2^20, '\\n')"
  )
  got <- in_new_r(code)
  heap <- as.numeric(got[length(got)])
  expect_true(heap > 300 && heap < 340, info = paste(got, collapse = "\n"))
})

test_that("the package loads again in the same session", {
  code <- c(round_trip, "unloadNamespace('deepregression4j')", round_trip)
  got <- in_new_r(code)
  expect_identical(as.character(got), rep("same: TRUE ", 2))
})

test_that("without jars the error says what to do", {
  empty <- tempfile()
  dir.create(empty)
  on.exit(unlink(empty, recursive = TRUE))
  expect_error(
    java_jars(empty), "no jars in.*mvn package",
    class = "deepregression4j_error_java"
  )
})

fit_slowly <- function(classes) {
  c(
    sprintf("options(deepregression4j.classpath = '%s')", classes),
    "library(deepregression4j)", "ns <- asNamespace('deepregression4j')",
    "h <- ns$java_table(list(x = c(1, 2, 6)))",
    "m <- ns$java_handle(ns$java_call('newModel', '{}', NULL))",
    "fit <- function(json, ...) ns$java_job(ns$java_call('startFit', m, h,",
    "  'x', NULL, NULL, NULL, json), numbers = 'loss', ...)"
  )
}

test_that("a fit tells its progress, result and numbers", {
  code <- c(
    fit_slowly(test_classes()),
    "r <- fit('{\"epochs\": 4, \"sleep\": 80}', progress = TRUE)",
    "cat('\\n', r$state, r$epochs_done, r$numbers$loss,",
    "  ns$java_call('weights', m), '\\n')"
  )
  got <- in_new_r(code)
  expect_output_line(got, paste("", "done 4", 1, 1 / 2, "0.3333333 0.25 3 "))
  expect_match(paste(got, collapse = ""), "epoch 4/4 [====================]",
    fixed = TRUE
  )
})

test_that("Ctrl-C cancels, keeps what was reached and stays an interrupt", {
  skip_on_os("windows")
  code <- c(
    fit_slowly(test_classes()),
    "system2('sh', c('-c', shQuote(sprintf('sleep 2; kill -INT %d',",
    "  Sys.getpid()))), wait = FALSE)",
    "reached <- NULL",
    "got <- tryCatch(fit('{\"epochs\": 100000, \"sleep\": 20}',",
    "  on_interrupt = function(outcome) reached <<- outcome),",
    "  interrupt = function(e) 'interrupt')",
    "cat(got, reached$state, reached$epochs_done > 10,",
    "  length(reached$numbers$loss) == reached$epochs_done,",
    "  ns$java_call('weights', m), ns$java_call('openHandles'), '\\n')"
  )
  expect_output_line(in_new_r(code), "interrupt cancelled TRUE TRUE 3 2 ")
})

test_that("a term that cannot be built is named", {
  code <- c(
    fit_slowly(test_classes()),
    "e <- tryCatch(ns$java_call('newModel', '{\"bad_term\": \"s(age)\"}',",
    "  NULL), error = identity)",
    "cat(class(e)[1], e$fields$term, e$causes, '\\n')"
  )
  expect_match(
    paste(in_new_r(code), collapse = "\n"),
    "deepregression4j_error_term s(age) java.lang.IllegalStateException: inner",
    fixed = TRUE
  )
})
