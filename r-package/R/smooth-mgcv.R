# The one file that calls mgcv. Everything else works on the plain lists that
# come from here, so the package loads where mgcv does not exist.

mgcv_specials <- function() c("s", "te", "ti", "t2")

# Loads mgcv where a formula needs it: the first thing to do, since R takes about
# as long over it as Java over its own start in the background.
mgcv_load <- function(formulas) {
  if (any(mgcv_specials() %in% unlist(lapply(formulas, all.names)))) {
    loadNamespace("mgcv")
  }
}

# The smooth specification of s(), te(), ti() or t2(); its arguments other than
# the variables are evaluated where the formula was written.
mgcv_specification <- function(call, env) {
  head <- call_head(call)
  call[[1L]] <- call("::", quote(mgcv), as.name(head))
  eval(call, env)
}

# The smooth objects of a specification: several when `by` is a factor.
mgcv_construct <- function(specification, data, n, penalty) {
  objects <- mgcv::smoothCon(
    specification, mgcv_data(data), n = n, absorb.cons = penalty$absorb_cons,
    null.space.penalty = penalty$null_space_penalty
  )
  lapply(objects, for_prediction)
}

# mgcv fits t2() under other constraints than it predicts with: design and
# penalty are those of predictions, which the fit uses here, too.
for_prediction <- function(object) {
  if (!is.null(object$Xp)) {
    object$X <- object$Xp
    object$S <- object$Sp
    object[c("Xp", "Sp")] <- NULL
  }
  object
}

# The design of a smooth object on new data (n, k), `by` included.
mgcv_design <- function(object, data) {
  n <- NROW(data[[all.vars(parse(text = object$term[1L]))[1L]]])
  unname(as.matrix(mgcv::PredictMat(object, mgcv_data(data), n = n)))
}

# mgcv takes no logical variables: they are 0 and 1.
mgcv_data <- function(data) {
  lapply(data, function(x) if (is.logical(x)) x + 0 else x)
}

# What PredictMat needs and no more: design, penalties and environments go.
slim_smooth <- function(object) {
  object$X <- NULL
  object$S <- NULL
  if (!is.null(object$form)) environment(object$form) <- globalenv()
  object$margin <- if (length(object$margin)) {
    lapply(object$margin, slim_smooth)
  }
  object
}

# P(sum of weights_i * chi-square_1 > q).
mgcv_chisq_sum <- function(q, weights) {
  mgcv::psum.chisq(q, weights)
}
