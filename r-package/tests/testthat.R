library(testthat)
library(deepregression4j)

test_check("deepregression4j")
