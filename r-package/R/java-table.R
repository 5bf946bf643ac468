# Columns for Java: through the Arrow C Data Interface without a copy, or as
# plain arguments when they are few (faster, and all that Renjin needs).

java_small <- 0

# A named list (or data frame) of columns of equal length -> handle. Columns:
# double, integer, logical, factor, ordered, character, numeric matrix (n, w).
# NA arrives as NA. Release with java_release().
java_table <- function(columns, small = java_small) {
  columns <- java_columns(columns)
  if (on_renjin() || sum(lengths(columns)) < small) {
    return(java_plain_table(columns))
  }
  exported <- .Call(dr4j_export, columns)
  on.exit(.Call(dr4j_discard, exported))
  address <- .Call(dr4j_addresses, exported)
  java_handle(java_call("importTable", address[1], address[2]))
}

java_columns <- function(columns) {
  columns <- as.list(columns)
  name <- names(columns)
  if (is.null(name) || anyNA(name) || !all(nzchar(name))) {
    java_stop("columns: expected a name for each", "argument")
  }
  columns <- Map(java_column, columns, name)
  rows <- vapply(columns, NROW, 1)
  if (any(rows != rows[1L])) {
    wrong <- which(rows != rows[1L])[1L]
    java_stop(sprintf(
      "column '%s': expected %.0f rows as in '%s', got %.0f",
      name[wrong], rows[1L], name[1L], rows[wrong]
    ), "column", list(column = name[wrong]))
  }
  columns
}

java_column <- function(x, name) {
  kind <- java_kind(x)
  if (is.na(kind) || (is.array(x) && (length(dim(x)) > 2L || ncol(x) == 0L))) {
    java_stop(sprintf(paste0(
      "column '%s': expected numbers, logicals, texts, a factor or a numeric ",
      "matrix, got %s of length %d"
    ), name, class(x)[1L], length(x)), "column", list(column = name))
  }
  if (is.factor(x) && anyNA(levels(x))) {
    java_stop(sprintf(
      "factor '%s': NA is one of its levels; use droplevels() or name it",
      name
    ), "column", list(column = name))
  }
  if (kind == "matrix" && !is.double(x)) storage.mode(x) <- "double"
  x
}

java_kind <- function(x) {
  if (is.matrix(x)) {
    return(if (is.numeric(x) || is.logical(x)) "matrix" else NA_character_)
  }
  if (is.factor(x)) {
    return(if (is.ordered(x)) "ordered" else "factor")
  }
  type <- typeof(x)
  kinds <- c(
    double = "double", integer = "integer", logical = "logical",
    character = "string"
  )
  unname(kinds[type])
}

# ---- as plain arguments ---------------------------------------------------

java_plain_table <- function(columns) {
  is_text <- vapply(columns, is.character, NA)
  schema <- list(
    rows = if (length(columns)) NROW(columns[[1L]]) else 0L,
    columns = unname(Map(java_plain_schema, columns, names(columns)))
  )
  numbers <- lapply(columns[!is_text], java_plain_numbers)
  texts <- lapply(columns[is_text], enc2utf8)
  java_handle(java_call(
    "plainTable",
    as.character(jsonlite::toJSON(schema, auto_unbox = TRUE, digits = NA)),
    java_array(as.double(unlist(numbers, use.names = FALSE))),
    java_array(as.character(unlist(texts, use.names = FALSE)))
  ))
}

java_plain_schema <- function(x, name) {
  entry <- list(name = enc2utf8(name), kind = java_kind(x))
  if (is.matrix(x)) {
    entry$width <- ncol(x)
  }
  if (is.factor(x)) {
    entry$levels <- I(enc2utf8(levels(x)))
  }
  entry
}

java_plain_numbers <- function(x) {
  as.double(unclass(x))
}

# ---- results --------------------------------------------------------------

# A vector that Java fills: pass $address and length, read $values when the
# job has ended. An environment: the job's handle keeps it alive. Renjin has no
# addresses: there Java keeps the values and java_job() fetches them.
java_result_vector <- function(length) {
  result <- new.env(parent = emptyenv())
  result$values <- numeric(length)
  result$length <- as.double(length)
  result$address <- if (on_renjin()) "" else .Call(dr4j_address, result$values)
  result
}

# What Java sees of a table: data frame of name, kind, width, and levels.
java_describe_table <- function(table) {
  jsonlite::fromJSON(java_call("describeTable", table))
}
