# Families: what `family =` takes. A family is a list: `name`, `spec` (FAMILY of
# docs/model-spec.md) and, once the engine has described it, its parameters,
# links and so on. What only the response tells is filled in with the model.

#' A response family
#'
#' Families that need to be told something, or that shall have other links. A
#' plain name, `family = "gamma"`, is enough for all others.
#'
#' What the response tells need not be given: the `categories` of
#' `"categorical"`, `"ordered_logit"` and `"ordered_probit"` (the levels of a
#' factor, or the largest code), the `dimension` of `"multivariate_normal"`.
#' `"binomial"` needs `trials`, or a response of two columns, successes and
#' failures. Which options there are says [names_families()].
#'
#' @param name one of [names_families()].
#' @param ... options by name, numbers: `level` of `"quantile"` and
#'   `"expectile"` (in (0, 1)), `trials` of `"binomial"` and `"beta_binomial"`,
#'   `low` and `high` of `"truncated_normal"` and `"censored_normal"`, `power`
#'   of `"tweedie"` (in (1, 2)).
#' @param trafo_list how linear predictors become parameters: a list with one
#'   entry per parameter, in order, or for some of them by name. An entry is
#'   `"identity"`, `"exp"`, `"exp_neg"`, `"softplus"`, `"sigmoid"`, or a
#'   function of the linear predictor in R's arithmetic, as in
#'   [create_family()]. `NULL` keeps the links of [names_families()].
#' @return A list of class `response_family`: `name`, `spec`, and, as far as
#'   they do not depend on the response, `parameters`, `links`, `support`,
#'   `is_discrete`, `is_multivariate`, `is_pseudo`, `response_columns` (m),
#'   `predictor_columns` (of one parameter), `has` (the quantities that can be
#'   asked).
#' @section Errors: an unknown name (with the nearest one), an unknown option or
#'   one outside its range, a link for a parameter that is not there.
#' @seealso [create_family()] for distributions of one's own,
#'   [mixture_family()] and [inflated_family()].
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' upper <- response_family("quantile", level = 0.9)
#' upper
#' model <- deepregression(mcycle$accel, list(~ 1 + s(times, df = 6)),
#'   family = upper, data = mcycle
#' )
#' response_family("normal", trafo_list = list(scale = "softplus"))
#' }
#' @export
response_family <- function(name, ..., trafo_list = NULL) {
  entry <- family_entry(name)
  options <- family_options(list(...), entry)
  spec <- if (length(options)) c(list(name = name), options) else name
  new_family(spec, name, trafo_list)
}

new_family <- function(spec, name, trafo_list = NULL, ...) {
  family <- structure(
    list(name = name, spec = spec, trafo_list = trafo_list, ...),
    class = "response_family"
  )
  if (length(missing_options(spec)) > 0) {
    return(family)
  }
  resolve_family(family)
}

#' The row of the engine's table
#' @noRd
family_entry <- function(name) {
  families <- engine_families()
  known <- vapply(families, function(entry) entry$name, "")
  one <- is.character(name) && length(name) == 1
  if (one && name %in% known) {
    return(families[[match(name, known)]])
  }
  near <- if (one && !is.na(name)) known[which.min(utils::adist(name, known))]
  refuse("unknown family ", describe_value(name),
    if (length(near)) paste0(", did you mean '", near, "'?") else ":",
    " There are ", paste(known, collapse = ", "),
    class = "unknown_family"
  )
}

#' Options as the specification has them: numbers with all their digits
#' @noRd
family_options <- function(options, entry) {
  words <- names(options)
  if (is.null(words)) words <- rep("", length(options))
  unknown <- setdiff(words, option_names(entry))
  if (length(unknown) > 0) {
    refuse("family '", entry$name, "' has no option ", quote_names(unknown),
      "; there are ", quote_names(option_names(entry))
    )
  }
  Map(function(value, word) {
    one <- is.numeric(value) && length(value) == 1
    if (!one || !is.finite(value)) {
      refuse("family '", entry$name, "': option '", word, "' must be one ",
        "finite number, got ", describe_value(value),
        if (isTRUE(is.infinite(value))) ": leave it out for no limit"
      )
    }
    exact_number(value)
  }, options, words)
}

#' An option's number, given or the default; NULL where there is none
#' @noRd
family_option <- function(family, name) {
  spec <- as.list(family$spec)
  if (!is.null(spec[[name]])) {
    return(as.numeric(spec[[name]]))
  }
  row <- match(family$name, vapply(engine_families(), `[[`, "", "name"))
  if (is.na(row)) {
    return(NULL)
  }
  options <- engine_families()[[row]]$options
  Find(function(option) option$name == name, options)$default
}

option_names <- function(entry, required = FALSE) {
  options <- Filter(function(o) !required || o$required, entry$options)
  as.character(lapply(options, function(option) option$name))
}

#' Options that a specification needs and lacks, of its components too
#' @noRd
missing_options <- function(spec) {
  if (!is.list(spec)) spec <- list(name = spec)
  nested <- c(spec$components, if (!is.null(spec$family)) list(spec$family))
  families <- engine_families()
  known <- vapply(families, function(entry) entry$name, "")
  own <- if (spec$name %in% known) {
    option_names(families[[match(spec$name, known)]], required = TRUE)
  }
  unique(c(setdiff(own, names(spec)), unlist(lapply(nested, missing_options))))
}

#' A family as a model needs it, described by the engine
#'
#' @param options what the response tells, by name.
#' @param m columns of the response.
#' @noRd
resolve_family <- function(family, options = list(), m = NULL) {
  spec <- fill_options(family$spec, options)
  lacking <- missing_options(spec)
  if (length(lacking) > 0) {
    refuse("family '", family$name, "' needs ",
      paste0(lacking, " = ", collapse = ", "), ": give response_family(\"",
      family$name, "\", ", lacking[1], " = ...)"
    )
  }
  m <- m %||% family$output_dim %||% dimension_of(spec)
  told <- describe_family(spec, m)
  if (!is.null(family$trafo_list)) {
    if (!is.list(spec)) spec <- list(name = spec)
    now <- spec$links %||% told$links
    spec$links <- links_of(family$trafo_list, told$parameters, now)
    told <- describe_family(spec, told$response_columns)
  }
  told$name <- family$name
  extra <- setdiff(names(family), c(names(told), "trafo_list"))
  told[extra] <- family[extra]
  told
}

#' Columns of a response that the specification itself tells
#' @noRd
dimension_of <- function(spec) {
  dimension <- if (is.list(spec)) spec$dimension
  if (is.null(dimension)) 1L else as.numeric(dimension)
}

#' Put options where a specification lacks them
#' @noRd
fill_options <- function(spec, options) {
  own <- intersect(missing_options(spec), names(options))
  if (length(own) == 0) {
    return(spec)
  }
  if (!is.list(spec)) spec <- list(name = spec)
  nested <- intersect(c("components", "family"), names(spec))
  spec[["components"]] <- if (!is.null(spec$components)) {
    lapply(spec$components, fill_options, options)
  }
  if (length(nested) == 0) spec[own] <- lapply(options[own], exact_number)
  spec
}

#' What `family =` was given, as a family
#' @noRd
find_family <- function(family) {
  if (inherits(family, "response_family")) {
    return(family)
  }
  own <- attr(family, "response_family")
  if (is.function(family) && !is.null(own)) {
    return(own)
  }
  if (is.function(family)) {
    refuse("a function is no family: make one with create_family()")
  }
  response_family(family)
}

#' @export
print.response_family <- function(x, ...) {
  cat("Family '", x$name, "'", sep = "")
  if (is.null(x$parameters)) {
    cat(", ", paste(missing_options(x$spec), collapse = " and "),
      " from the response\n",
      sep = ""
    )
    return(invisible(x))
  }
  cat(" for a response that is ", x$support_text, "\n", sep = "")
  cat(paste0("  ", format(x$parameters), "  ", x$links, "\n"), sep = "")
  invisible(x)
}

#' The families there are
#'
#' @param family a name or a family, or `NULL` for all of them.
#' @return Of one family the names of its parameters, in the order of the
#'   formulas. Of all families a data frame: `family`, `parameters` and
#'   `links` (separated by commas; how the linear predictor becomes the
#'   parameter), `support` (what the response must be), `options` (those of
#'   [response_family()]; those in brackets may be left out). Families with
#'   `categories` are shown for three of them, `"multivariate_normal"` for two
#'   columns.
#' @examples
#' \donttest{
#' names_families("student_t_ls")
#' subset(names_families(), support == "positive", c(family, parameters))
#' }
#' @export
names_families <- function(family = NULL) {
  if (!is.null(family)) {
    family <- find_family(family)
    return((family$parameters) %||% example_family(family$name)$parameters)
  }
  rows <- lapply(engine_families(), function(entry) {
    example <- if (is.null(entry$options)) entry else example_family(entry$name)
    data.frame(
      family = entry$name,
      parameters = paste(unlist(example$parameters), collapse = ", "),
      links = paste(unlist(example$links), collapse = ", "),
      support = example$support, options = options_text(entry),
      stringsAsFactors = FALSE
    )
  })
  do.call(rbind, rows)
}

#' A family with options as it is for some of their values
#' @noRd
example_family <- function(name) {
  examples <- list(level = 0.5, trials = 1, categories = 3, dimension = 2)
  resolve_family(
    structure(list(name = name, spec = name), class = "response_family"),
    examples
  )
}

options_text <- function(entry) {
  texts <- vapply(entry$options, function(option) {
    if (option$required) option$name else paste0("[", option$name, "]")
  }, "")
  paste(texts, collapse = ", ")
}
