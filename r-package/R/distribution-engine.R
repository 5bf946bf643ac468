# The one place where distributions meet the engine.

#' Ask the engine for a quantity of every row
#'
#' @param distribution of class `response_distribution`.
#' @param quantity as docs/model-spec.md says for startDistribution.
#' @param values NULL, or k answers' values: (n, k*c), or (1, k*c) for all rows.
#' @return A matrix (n, k*w), the answers to the k values side by side. NA in
#'   linear predictors or values gives NA.
#' @noRd
distribution_answer <- function(distribution, quantity, values = NULL) {
  family <- distribution$family
  check_has(family, quantity)
  k <- if (is.null(values)) {
    1
  } else {
    ncol(values) / value_columns(family, quantity)
  }
  n <- distribution$n
  out <- matrix(NA_real_, n, k * answer_columns(family, quantity))
  rows <- which(complete_rows(distribution$eta))
  if (length(rows) == n && n > 0) {
    out <- ask_distribution(distribution, quantity, values, dim(out))
  } else if (length(rows) > 0) {
    shared <- is.null(values) || nrow(values) == 1
    kept <- if (shared) values else values[rows, , drop = FALSE]
    out[rows, ] <- ask_distribution(
      distribution[rows], quantity, kept, c(length(rows), ncol(out))
    )
  }
  blank_missing(out, values, k)
}

ask_distribution <- function(distribution, quantity, values, size) {
  eta <- java_table(list(eta = distribution$eta))
  on.exit(java_release(eta))
  given <- NULL
  if (!is.null(values)) {
    given <- java_table(list(values = values))
    on.exit(java_release(given), add = TRUE)
  }
  result <- java_result_vector(prod(size))
  job <- java_call(
    "startDistribution", family_json(distribution$family$spec), quantity,
    as.double(distribution$output_dim), eta, given, result$address,
    result$length
  )
  java_job(job, result)
  matrix(result$values, size[1], size[2])
}

#' NA where a value is; all columns of an answer where they belong together
#' @noRd
blank_missing <- function(out, values, k) {
  if (is.null(values) || !anyNA(values) || nrow(out) == 0) {
    return(out)
  }
  missing <- is.na(values)
  if (ncol(missing) != ncol(out)) {
    answer <- rep(seq_len(k), each = ncol(values) / k)
    missing <- t(rowsum(t(missing) + 0, answer) > 0)
    missing <- missing[, rep(seq_len(k), each = ncol(out) / k), drop = FALSE]
  }
  out[missing[rep_len(seq_len(nrow(missing)), nrow(out)), , drop = FALSE]] <- NA
  out
}

#' Columns of values that one answer takes
#' @noRd
value_columns <- function(family, quantity) {
  if (quantity == "sample") family$uniforms else family$response_columns
}

#' Columns of one answer
#' @noRd
answer_columns <- function(family, quantity) {
  if (quantity == "parameters") {
    return(length(family$parameters) * family$predictor_columns)
  }
  if (!family$is_multivariate) {
    return(family$response_columns)
  }
  java_call("distributionColumns", family_json(family$spec), quantity,
    as.double(family$response_columns)
  )
}

#' Refuse what a family lacks, saying what it has
#' @noRd
check_has <- function(family, quantity) {
  if (!quantity %in% family$has) {
    refuse("family '", family$name, "' has no ", quantity, ", only ",
      quote_names(family$has)
    )
  }
}
