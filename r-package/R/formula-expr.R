# R calls with a form in the graph, and how many arguments they may have there.
graph_calls <- function() {
  unary <- c("exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "abs",
             "sin", "cos", "tanh", "sign", "floor", "ceiling")
  binary <- c("+", "*", "/", "^", "<", "<=", ">", ">=", "==")
  table <- c(
    stats::setNames(rep(list(1L), length(unary)), unary),
    stats::setNames(rep(list(2L), length(binary)), binary)
  )
  c(table, list("-" = 1:2, pmin = 2L, pmax = 2L))
}

# Calls that are written with other calls before they are compiled.
rewrites <- function() {
  list(
    "(" = function(a) a[[1L]],
    I = function(a) a[[1L]],
    "+" = function(a) if (length(a) == 1L) a[[1L]],
    log = function(a) {
      if (length(a) == 2L) call("/", call("log", a[[1L]]), call("log", a[[2L]]))
    },
    "!=" = function(a) call("-", 1, call("==", a[[1L]], a[[2L]])),
    pmin = function(a) fold_call("pmin", a),
    pmax = function(a) fold_call("pmax", a)
  )
}

fold_call <- function(head, args) {
  if (length(args) == 1L) return(args[[1L]])
  if (length(args) == 2L) return(NULL)
  Reduce(function(x, y) call(head, x, y), args)
}

# Compiles an R expression over numeric columns to an EXPR of the model
# specification, or returns NULL when there is no graph form.
compile_expr <- function(expr, data, env) {
  if (is.numeric(expr) || is.logical(expr)) return(compile_number(expr))
  if (is.name(expr)) return(compile_name(as.character(expr), data, env))
  head <- call_head(expr)
  if (head == "" || !is_base_function(head, env)) return(NULL)
  args <- as.list(expr)[-1L]
  if (any(nzchar(names(args) %||% ""))) return(NULL)
  rewrite <- rewrites()[[head]]
  other <- if (!is.null(rewrite)) rewrite(args)
  if (!is.null(other)) return(compile_expr(other, data, env))
  if (!length(args) %in% graph_calls()[[head]]) return(NULL)
  compiled <- lapply(args, compile_expr, data = data, env = env)
  if (any(vapply(compiled, is.null, NA))) return(NULL)
  list(call = head, args = unname(compiled))
}

compile_number <- function(value) {
  if (length(value) != 1L || is.na(value)) return(NULL)
  list(value = as.numeric(value))
}

compile_name <- function(name, data, env) {
  if (name %in% names(data)) {
    return(if (is_plain_number(data[[name]])) list(column = name))
  }
  if (!exists(name, envir = env)) return(NULL)
  value <- get(name, envir = env)
  if (is.numeric(value) || is.logical(value)) compile_number(value)
}

# A numeric or logical vector without a class that would change arithmetic.
is_plain_number <- function(x) {
  (is.numeric(x) || is.logical(x)) && is.null(dim(x)) && !is.object(x)
}

# A user's own `log` must not be mistaken for R's.
is_base_function <- function(name, env) {
  if (!exists(name, envir = env, mode = "function")) return(FALSE)
  exists(name, envir = baseenv(), mode = "function", inherits = FALSE) &&
    identical(get(name, envir = env, mode = "function"),
              get(name, envir = baseenv(), mode = "function"))
}
