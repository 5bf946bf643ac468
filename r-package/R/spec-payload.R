# The payload: all matrices of a specification, column-major, in one vector.
# Replaces every numeric matrix in a nested list by {rows, columns, offset}, and
# by {form} where fewer numbers say what is in it.
flatten_payload <- function(spec) {
  values <- list()
  offset <- 0
  walk <- function(x) {
    if (is.matrix(x)) {
      kept <- compact_matrix(x)
      reference <- list(rows = nrow(x), columns = ncol(x),
                        offset = exact_number(offset), form = kept$form)
      values[[length(values) + 1L]] <<- kept$values
      offset <<- offset + length(kept$values)
      return(Filter(Negate(is.null), reference))
    }
    if (is.list(x)) lapply(x, walk) else x
  }
  spec <- walk(spec)
  list(spec = spec, payload = as.numeric(unlist(values)))
}

# Smaller matrices go as they are.
compact_from <- 1000L

# The numbers of a large matrix: its diagonal, where all else is zero; of rows
# with a single one, or none, the column of that (from 1, or 0); or all of them.
compact_matrix <- function(x) {
  is_large <- length(x) >= compact_from && ncol(x) > 1L
  filled <- if (is_large && !anyNA(x)) which(x != 0)
  row <- (filled - 1) %% nrow(x) + 1
  column <- (filled - 1) %/% nrow(x) + 1
  if (length(filled) == 0 || anyDuplicated(row)) {
    return(list(values = as.numeric(x)))
  }
  if (nrow(x) == ncol(x) && all(row == column)) {
    return(list(form = "diagonal", values = as.numeric(diag(x))))
  }
  if (!all(x[filled] == 1)) {
    return(list(values = as.numeric(x)))
  }
  list(form = "indicators", values = replace(numeric(nrow(x)), row, column))
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
