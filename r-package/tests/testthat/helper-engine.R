# A small engine in R with the calls of the bridge, for tests of the model
# functions that need no Java: a normal model of intercepts and numeric linear
# terms, "trained" by lm(). Other terms need an entry in `designs`, a function of
# the table that gives the design matrix.

fake_families <- paste0(
  "[{\"name\": \"normal\", \"parameters\": [\"loc\", \"scale\"],",
  " \"links\": [\"identity\", \"exp\"], \"support\": \"real\"},",
  " {\"name\": \"poisson\", \"parameters\": [\"rate\"],",
  " \"links\": [\"exp\"], \"support\": \"count\"}]"
)

fake_engine <- function() {
  things <- new.env()
  designs <- new.env()
  calls <- character()
  options <- NULL
  keep <- function(thing) {
    # Unique beyond this engine: finalizers of older models come late.
    handle <- basename(tempfile("handle"))
    things[[handle]] <- thing
    handle
  }
  id_of <- function(x) if (is.environment(x)) x$id else x
  layout <- function(spec) {
    offset <- 0
    out <- list()
    for (predictor in spec$predictors) for (term in predictor$terms) {
      rows <- if (term$kind == "intercept") 1 else length(term$labels)
      if (term$kind == "deep") next
      out <- c(out, list(list(
        predictor = predictor$name, term = term$name, rows = rows, columns = 1,
        offset = offset, labels = term$labels
      )))
      offset <- offset + rows
    }
    out
  }
  effect <- function(model, table, predictor, term) {
    for (entry in layout(model$spec)) {
      if (entry$predictor == predictor && entry$term == term) {
        w <- model$weights[entry$offset + seq_len(entry$rows)]
        n <- length(table[[1]])
        if (term == "(Intercept)") {
          return(rep(w, n))
        }
        if (!is.null(designs[[term]])) {
          return(drop(designs[[term]](table) %*% w))
        }
        return(table[[term]] * w)
      }
    }
    stop("no term ", term)
  }
  linear <- function(model, table, predictor) {
    terms <- Filter(function(e) e$predictor == predictor, layout(model$spec))
    Reduce(`+`, lapply(terms, function(e) effect(model, table, predictor, e$term)))
  }
  answers <- list(
    mean = function(m, t) linear(m, t, "loc"),
    stddev = function(m, t) exp(linear(m, t, "scale")),
    parameters = function(m, t) c(linear(m, t, "loc"), exp(linear(m, t, "scale"))),
    linear_predictors = function(m, t) c(linear(m, t, "loc"), linear(m, t, "scale"))
  )
  fill <- function(address, out, length) {
    stopifnot(length(out) == length)
    result <- things[[address]]
    result$values <- out
    rm(list = address, envir = things)
    keep(list())
  }
  methods <- list(
    families = function() fake_families,
    describeFamily = function(json, m) {
      known <- jsonlite::fromJSON(fake_families, simplifyVector = FALSE)
      names <- vapply(known, function(entry) entry$name, "")
      entry <- known[[match(jsonlite::fromJSON(json), names)]]
      as.character(jsonlite::toJSON(c(entry, list(
        support_text = entry$support, is_discrete = FALSE,
        is_multivariate = FALSE, is_pseudo = FALSE, response_columns = m,
        predictor_columns = m, uniforms = m, has = list("log_prob")
      )), auto_unbox = TRUE))
    },
    newModel = function(json, payload) {
      spec <- jsonlite::fromJSON(json, simplifyVector = FALSE)
      size <- sum(vapply(layout(spec), function(e) e$rows, 0))
      set.seed(spec$seed)
      keep(list2env(list(spec = spec, weights = stats::rnorm(size))))
    },
    describe = function(model) {
      as.character(jsonlite::toJSON(
        list(
          parameters = layout(things[[model]]$spec), predictor_columns = 1,
          mean_columns = 1
        ), auto_unbox = TRUE
      ))
    },
    weights = function(model) things[[model]]$weights,
    setWeights = function(model, weights) {
      m <- things[[model]]
      m$weights <- weights
      TRUE
    },
    startFit = function(model, table, response, weights, vt, vr, json) {
      options <<- jsonlite::fromJSON(json)
      keep(list(
        fit = options, model = things[[model]],
        table = things[[table]], y = things[[response]]$y,
        weights = if (!is.null(weights)) things[[weights]]$weights
      ))
    },
    startPredict = function(model, table, what, address, length) {
      m <- things[[model]]
      t <- things[[table]]
      parts <- strsplit(what, ":", fixed = TRUE)[[1]]
      out <- if (parts[1] == "term") {
        effect(m, t, parts[2], parts[3])
      } else {
        answers[[what]](m, t)
      }
      fill(address, out, length)
    },
    startDistribution = function(family, quantity, columns, eta, values,
                                 address, length) {
      theta <- things[[eta]]$eta
      y <- things[[values]]$values
      fill(address, stats::dnorm(y, theta[, 1], exp(theta[, 2]), log = TRUE),
        length
      )
    },
    startLogDensity = function(model, table, response, address, length) {
      fill(address, numeric(length), length)
    },
    startInference = function(model, table, response, weights) {
      m <- things[[model]]
      keep(list(inference = fake_inference(layout(m$spec), m$weights)))
    },
    startExport = function(model, path, json) {
      writeLines(things[[model]]$spec$family, path)
      keep(list(export = TRUE))
    }
  )
  train <- function(job) {
    m <- job$model
    x <- do.call(cbind, c(list(1), job$table))
    w <- if (is.null(job$weights)) rep(1, length(job$y)) else job$weights
    found <- stats::lm.wfit(x, job$y, w)
    slopes <- setdiff(names(job$table), NULL)
    for (e in layout(m$spec)) {
      at <- e$offset + seq_len(e$rows)
      if (e$predictor == "scale") {
        m$weights[at] <- if (e$term == "(Intercept)") {
          log(sqrt(mean(found$residuals^2)))
        } else {
          0
        }
      } else {
        m$weights[at] <- found$coefficients[
          if (e$term == "(Intercept)") 1 else 1 + match(e$term, slopes)
        ]
      }
    }
  }
  list(
    things = things, designs = designs,
    called = function() calls, options = function() options,
    bindings = list(
      java_call = function(method, ...) {
        calls <<- c(calls, method)
        do.call(methods[[method]], lapply(list(...), id_of))
      },
      java_array = identity,
      java_handle = function(id, keep = NULL) {
        structure(list2env(list(id = id)), class = "deepregression4j_handle")
      },
      java_table = function(columns) {
        structure(
          list2env(list(id = keep(columns))), class = "deepregression4j_handle"
        )
      },
      java_release = function(handle) {
        if (is.null(things[[handle$id]])) stop("no handle ", handle$id)
        rm(list = handle$id, envir = things)
      },
      java_result_vector = function(length) {
        result <- list2env(list(values = numeric(length), length = length))
        result$address <- keep(result)
        result
      },
      java_job = function(job, result = NULL, progress = FALSE,
                          numbers = character(), on_interrupt = NULL) {
        found <- things[[job]]
        rm(list = job, envir = things)
        if (!is.null(found$inference)) {
          return(found$inference)
        }
        if (!is.null(found$fit)) train(found)
        list(state = "done", fit = found$fit, numbers = list(loss = c(3, 2, 1)))
      }
    )
  )
}

# What the engine says of a fit: standard errors of 0.1, at the optimum.
fake_inference <- function(entries, weights) {
  k <- length(weights)
  field <- function(name) sapply(entries, function(e) e[[name]])
  list(
    spans = list(
      predictor = field("predictor"), terms = as.list(field("term")),
      labels = lapply(entries, function(e) {
        if (e$term == "(Intercept)") e$term else unlist(e$labels)
      }),
      predictor_column = rep(0, length(entries)), from = field("offset"),
      size = field("rows")
    ),
    rows = 40, log_likelihood = -50, distance = 1e-9, conditional = FALSE,
    notes = list(),
    numbers = list(
      coefficients = weights, vcov = diag(0.01, k),
      vcov_frequentist = diag(0.01, k), hessian = diag(100, k), penalty = diag(0, k),
      edf = rep(1, k), edf1 = rep(1, k)
    )
  )
}

# Puts the fake's functions where the package's are, until the test ends.
local_engine <- function(engine = fake_engine(), frame = parent.frame()) {
  force(frame)
  home <- environment(deepregression)
  for (name in names(engine$bindings)) {
    local({
      name <- name
      old <- get0(name, home, inherits = FALSE)
      put(name, engine$bindings[[name]], home)
      withr::defer(put(name, old, home), envir = frame)
    })
  }
  engine
}

put <- function(name, value, home) {
  if (exists(name, home, inherits = FALSE) && bindingIsLocked(name, home)) {
    unlockBinding(name, home)
  }
  if (is.null(value)) rm(list = name, envir = home) else assign(name, value, home)
}
