# The table of smooth terms: is the function zero?

#' One row per smooth of a parameter
#' @return A data frame: term, edf, Ref.df, Chi.sq, p-value.
#' @noRd
smooth_tests <- function(object, parameter, found) {
  predictor <- model_predictor(object, parameter)
  columns <- seq_len(predictor_columns(object))
  random <- random_places(object, found)
  rows <- lapply(smooth_names(predictor), function(name) {
    pieces <- smooth_pieces(predictor$terms[[name]])
    do.call(rbind, lapply(columns, function(column) {
      index <- term_index(found, parameter, name, column)
      out <- do.call(rbind, lapply(pieces, smooth_test,
        index = index, found = found, random = random
      ))
      # Numbered as the rows of the linear terms.
      if (length(columns) > 1) out$term <- paste0(out$term, "_", column)
      out
    }))
  })
  out <- do.call(rbind, rows)
  if (is.null(out)) data.frame(term = character()) else out
}

#' The smooths of a term: name, places among the term's columns; whether the
#' penalty leaves nothing free, so that a test of zero is one of a variance;
#' whether it is a random effect, `bs = "re"`
#' @noRd
smooth_pieces <- function(term) {
  sizes <- vapply(term$smooths, function(s) as.integer(s$ncol), 0L)
  before <- cumsum(c(0L, sizes))
  lapply(seq_along(sizes), function(i) {
    smooth <- term$smooths[[i]]
    list(
      name = if (length(sizes) > 1) smooth$label else term$name,
      columns = before[i] + seq_len(sizes[i]),
      is_all_penalised = isTRUE(smooth$object$null.space.dim == 0) &&
        !is_unpenalised(smooth$object),
      is_random = isTRUE(smooth$object$random)
    )
  })
}

#' `fx = TRUE`, of all margins
#' @noRd
is_unpenalised <- function(smooth) {
  fixed <- if (is.null(smooth$fx)) smooth$fixed else smooth$fx
  length(fixed) > 0 && all(fixed)
}

#' Places of the coefficients of all random effects, in all predictors
#' @noRd
random_places <- function(object, found) {
  out <- lapply(unlist(object$family$parameters), function(parameter) {
    terms <- model_predictor(object, parameter)$terms
    lapply(terms, function(term) {
      random <- Filter(function(piece) piece$is_random, smooth_pieces(term))
      columns <- unlist(lapply(random, `[[`, "columns"))
      lapply(seq_len(predictor_columns(object)), function(column) {
        term_index(found, parameter, term$name, column)[columns]
      })
    })
  })
  unique(as.integer(unlist(out)))
}

smooth_test <- function(piece, index, found, random) {
  if (is.null(index)) {
    return(smooth_row(piece$name, NA, list(df = NA, statistic = NA, p = NA)))
  }
  at <- index[piece$columns]
  result <- if (piece$is_all_penalised) {
    variance_test(found, at, setdiff(random, at))
  } else {
    function_test(found, at, min(sum(found$edf1[at]), length(at)))
  }
  smooth_row(piece$name, sum(found$edf[at]), result)
}

smooth_row <- function(name, edf, result) {
  out <- data.frame(name, edf, result$df, result$statistic, result$p)
  names(out) <- c("term", "edf", "Ref.df", "Chi.sq", "p-value")
  out
}
