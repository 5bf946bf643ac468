# What the engine says of one family.

#' A family as the engine describes it
#'
#' @param spec FAMILY of docs/model-spec.md: a name, or a list that becomes the
#'   JSON object.
#' @param response_columns columns m of the response.
#' @return A list of class `response_family`: `name`, `spec`, `parameters`,
#'   `links`, `support`, `support_text`, `is_discrete`, `is_multivariate`,
#'   `is_pseudo`, `has_moving_support`, `response_columns`, `predictor_columns`
#'   (of each parameter), `uniforms` (columns of uniform numbers that a sample
#'   takes), `has` (the quantities that work).
#' @noRd
describe_family <- function(spec, response_columns = 1L) {
  told <- from_json(
    java_call("describeFamily", family_json(spec), as.double(response_columns))
  )
  for (words in c("parameters", "links", "has")) {
    told[[words]] <- as.character(unlist(told[[words]]))
  }
  told$spec <- spec
  structure(told, class = "response_family")
}

#' FAMILY of docs/model-spec.md as text
#' @noRd
family_json <- function(spec) spec_json(spec)
