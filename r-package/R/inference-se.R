# Standard errors of what is linear in the coefficients, and of smooth
# functions of it by the delta method.

# Rows whose designs are held at a time.
se_block <- 2^14

#' Standard errors of predictions, (n, columns of the prediction)
#' @noRd
prediction_se <- function(object, type, newdata) {
  kind <- se_kinds[[type]]
  if (is.null(kind)) {
    refuse("predict(se.fit = TRUE) is for type ", quote_names(names(se_kinds)),
      ", got '", type, "'"
    )
  }
  found <- inference(object)
  in_blocks(object, newdata, function(data) {
    designs <- predictor_designs(object, found, data)
    if (is.null(kind$slopes)) {
      return(vapply(designs, design_se, designs[[1]]$rows, found = found))
    }
    slopes <- engine_predict(object, kind$slopes,
      kind$values(object) * length(designs), data
    )
    delta_se(designs, slopes, found)
  })
}

#' A row per type: the engine's derivatives, and of how many values
#' @noRd
se_kinds <- list(
  link = list(slopes = NULL),
  response = list(
    slopes = "mean_slopes", values = function(object) mean_columns(object)
  ),
  mean = list(
    slopes = "mean_slopes", values = function(object) mean_columns(object)
  ),
  parameters = list(
    slopes = "parameter_slopes",
    values = function(object) length(parameter_columns(object))
  )
)

#' Applies f to blocks of rows; NULL stands for the training data
#' @noRd
in_blocks <- function(object, newdata, f) {
  data <- if (is.null(newdata)) object$data else as_columns(newdata)
  n <- rows_of(data)
  if (n <= se_block) {
    return(f(newdata))
  }
  starts <- seq(1, n, se_block)
  do.call(rbind, lapply(starts, function(from) {
    f(take_rows(data, from:min(n, from + se_block - 1)))
  }))
}

#' Per linear predictor (parameter by parameter, then its columns): the
#' design of its estimated coefficients and their places
#' @noRd
predictor_designs <- function(object, found, newdata) {
  n <- if (is.null(newdata)) object$n else rows_of(newdata)
  out <- list()
  for (parameter in unlist(object$family$parameters)) {
    for (column in seq_len(predictor_columns(object))) {
      spans <- Filter(function(span) {
        span$predictor == parameter && span$column == column
      }, found$spans)
      X <- lapply(spans, span_design, object = object, newdata = newdata)
      out <- c(out, list(list(
        X = do.call(cbind, c(list(matrix(0, n, 0)), X)),
        index = unlist(lapply(spans, `[[`, "index")), rows = numeric(n)
      )))
    }
  }
  out
}

#' Terms that share coefficients add up
#' @noRd
span_design <- function(span, object, newdata) {
  Reduce(`+`, lapply(span$terms, function(term) {
    engine_predict(object, term_query("design", span$predictor, term),
      length(span$index), newdata
    )
  }))
}

design_se <- function(design, found) {
  V <- found$vcov[design$index, design$index, drop = FALSE]
  quadratic_root(design$X, V)
}

#' sqrt(diag(X V X')) without that product
#' @noRd
quadratic_root <- function(X, V) sqrt(pmax(0, rowSums((X %*% V) * X)))

#' @param slopes (n, values * predictors): derivatives of each value.
#' @noRd
delta_se <- function(designs, slopes, found) {
  q <- length(designs)
  index <- unlist(lapply(designs, `[[`, "index"))
  V <- found$vcov[index, index, drop = FALSE]
  out <- lapply(seq_len(ncol(slopes) / q), function(value) {
    weighted <- lapply(seq_len(q), function(j) {
      slope <- slopes[, (value - 1) * q + j]
      # A value that does not depend on a predictor takes nothing from it, even
      # where that is infinite.
      if (all(slope %in% 0)) 0 * designs[[j]]$X else slope * designs[[j]]$X
    })
    quadratic_root(do.call(cbind, weighted), V)
  })
  do.call(cbind, out)
}

#' Standard errors of a term's contribution, (n, columns of the predictor);
#' zero for a term without estimated coefficients, such as a network, which counts as known
#' @noRd
term_se <- function(object, predictor, term, newdata) {
  found <- inference(object)
  n <- if (is.null(newdata)) object$n else rows_of(newdata)
  index <- lapply(seq_len(predictor_columns(object)), function(column) {
    term_index(found, predictor, term, column)
  })
  if (is.null(index[[1]])) {
    return(matrix(0, n, predictor_columns(object)))
  }
  X <- engine_predict(object, term_query("design", predictor, term),
    length(index[[1]]), newdata
  )
  do.call(cbind, lapply(index, function(at) {
    quadratic_root(X, found$vcov[at, at, drop = FALSE])
  }))
}

#' Half the width of a band around a term's contribution, (n); NULL when the
#' model is not fitted
#' @noRd
effect_band <- function(object, predictor, term, newdata = NULL, level = 0.95) {
  if (object$state$status == "not trained") {
    return(NULL)
  }
  newdata <- with_other_columns(object, newdata)
  se <- term_se(object, predictor, term$name, newdata)
  se * stats::qnorm((1 + level) / 2)
}
