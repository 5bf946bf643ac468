# The payload: all matrices of a specification, column-major, in one vector.
# Replaces every numeric matrix in a nested list by {rows, columns, offset}.
flatten_payload <- function(spec) {
  values <- list()
  offset <- 0
  walk <- function(x) {
    if (is.matrix(x)) {
      reference <- list(rows = nrow(x), columns = ncol(x),
                        offset = exact_number(offset))
      values[[length(values) + 1L]] <<- as.numeric(x)
      offset <<- offset + length(x)
      return(reference)
    }
    if (is.list(x)) lapply(x, walk) else x
  }
  spec <- walk(spec)
  list(spec = spec, payload = as.numeric(unlist(values)))
}

# JSON text of a specification whose vectors are scalars or lists.
spec_json <- function(spec) {
  as.character(jsonlite::toJSON(spec, auto_unbox = TRUE, digits = NA,
                                null = "null", json_verbatim = TRUE))
}

# A number that survives the way through text: jsonlite stops at 15 digits.
exact_number <- function(x) {
  structure(sprintf("%.17g", x), class = "json")
}
