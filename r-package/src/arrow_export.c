/* R vectors through the Arrow C Data Interface, without a copy of numbers:
 * https://arrow.apache.org/docs/format/CDataInterface.html
 *
 * Java may release an array on any of its threads, where R's API must not be
 * called: release() pushes the vector on a lock-free list, and R's own thread
 * lets go of it later (dr4j_drain). Offsets are always 0, since Arrow Java
 * ignores them. NA stays as R keeps it; there are no validity bitmaps except
 * for character vectors, which are the only thing that is copied. */
#include "arrow_export.h"
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ArrowSchema {
  const char *format, *name, *metadata;
  int64_t flags, n_children;
  struct ArrowSchema **children, *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length, null_count, offset, n_buffers, n_children;
  const void **buffers;
  struct ArrowArray **children, *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

enum { DICTIONARY_ORDERED = 1, NULLABLE = 2 };

/* One lent vector; becomes the node of the list when it comes back, so that
 * release() never allocates. */
typedef struct loan {
  SEXP vector;
  struct loan *next;
} loan;

static _Atomic(loan *) returned = NULL;
static int lent = 0; /* R's thread only */

/* What an array owns besides its children. */
typedef struct {
  const void *buffers[3];
  void *copies[3];
  loan *lent_vector;
} array_memory;

static const int64_t nothing[8] = {0}; /* data of vectors without elements */

static void *zalloc(size_t bytes) {
  void *memory = calloc(1, bytes ? bytes : 1);
  if (memory == NULL) Rf_error("out of memory while data are handed to Java");
  return memory;
}

static char *copy_text(const char *text) {
  char *copy = zalloc(strlen(text) + 1);
  strcpy(copy, text);
  return copy;
}

/* ---- release: any thread, no R API ------------------------------------ */

static void give_back(loan *node) {
  loan *head = atomic_load(&returned);
  do {
    node->next = head;
  } while (!atomic_compare_exchange_weak(&returned, &head, node));
}

static void release_array(struct ArrowArray *array) {
  for (int64_t i = 0; i < array->n_children; i++) {
    struct ArrowArray *child = array->children[i];
    if (child != NULL && child->release != NULL) child->release(child);
    free(child);
  }
  free(array->children);
  if (array->dictionary != NULL) {
    if (array->dictionary->release != NULL)
      array->dictionary->release(array->dictionary);
    free(array->dictionary);
  }
  array_memory *memory = array->private_data;
  if (memory != NULL) {
    for (int i = 0; i < 3; i++) free(memory->copies[i]);
    if (memory->lent_vector != NULL) give_back(memory->lent_vector);
    free(memory);
  }
  array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema) {
  for (int64_t i = 0; i < schema->n_children; i++) {
    struct ArrowSchema *child = schema->children[i];
    if (child != NULL && child->release != NULL) child->release(child);
    free(child);
  }
  free(schema->children);
  if (schema->dictionary != NULL) {
    if (schema->dictionary->release != NULL)
      schema->dictionary->release(schema->dictionary);
    free(schema->dictionary);
  }
  free((void *) schema->format);
  free((void *) schema->name);
  free((void *) schema->metadata);
  schema->release = NULL;
}

/* ---- building: R's thread --------------------------------------------- */

/* Every structure is releasable from its first moment, so that an R error in
 * the middle leaves nothing behind but what the finalizer frees. */
static array_memory *open_array(struct ArrowArray *array, int64_t length,
                                int buffers) {
  memset(array, 0, sizeof(*array));
  array_memory *memory = zalloc(sizeof(array_memory));
  array->private_data = memory;
  array->buffers = memory->buffers;
  array->release = &release_array;
  array->length = length;
  array->n_buffers = buffers;
  return memory;
}

static void open_schema(struct ArrowSchema *schema, const char *format,
                        const char *name) {
  memset(schema, 0, sizeof(*schema));
  schema->release = &release_schema;
  schema->flags = NULLABLE;
  schema->format = copy_text(format);
  schema->name = copy_text(name);
}

static void open_children(struct ArrowArray *array, struct ArrowSchema *schema,
                          int64_t count) {
  array->children = zalloc(count * sizeof(struct ArrowArray *));
  schema->children = zalloc(count * sizeof(struct ArrowSchema *));
  for (int64_t i = 0; i < count; i++) {
    array->n_children = schema->n_children = i + 1;
    array->children[i] = zalloc(sizeof(struct ArrowArray));
    schema->children[i] = zalloc(sizeof(struct ArrowSchema));
  }
}

static char *metadata(const char *key, const char *value) {
  int32_t pairs = 1, key_size = strlen(key), value_size = strlen(value);
  char *text = zalloc(12 + key_size + value_size);
  memcpy(text, &pairs, 4);
  memcpy(text + 4, &key_size, 4);
  memcpy(text + 8, key, key_size);
  memcpy(text + 8 + key_size, &value_size, 4);
  memcpy(text + 12 + key_size, value, value_size);
  return text;
}

/* Lends an R vector's memory. Not mutable from now on: R copies on write. */
static void lend(struct ArrowArray *array, SEXP vector, const void *data,
                 int64_t length) {
  array_memory *memory = open_array(array, length, 2);
  memory->buffers[1] = length > 0 ? data : nothing;
  loan *node = zalloc(sizeof(loan));
  node->vector = vector;
  MARK_NOT_MUTABLE(vector);
  R_PreserveObject(vector);
  lent++;
  memory->lent_vector = node;
}

/* UTF-8 with a validity bitmap. With `lead` the texts start at entry 1: R's
 * codes are 1-based, Arrow's indices 0-based. */
static void copy_strings(struct ArrowArray *array, SEXP texts, int lead,
                         const char *name) {
  R_xlen_t n = XLENGTH(texts);
  array_memory *memory = open_array(array, n + lead, 3);
  const void *stack = vmaxget();
  int64_t bytes = 0;
  for (R_xlen_t i = 0; i < n; i++) {
    SEXP text = STRING_ELT(texts, i);
    if (text != NA_STRING) bytes += strlen(Rf_translateCharUTF8(text));
    vmaxset(stack);
  }
  if (bytes > INT32_MAX || n + lead >= INT32_MAX)
    Rf_error("column '%s': expected at most 2 GiB of text, got %.0f bytes",
             name, (double) bytes);
  memory->buffers[0] = memory->copies[0] = zalloc((n + lead + 7) / 8);
  memory->buffers[1] = memory->copies[1] =
    zalloc((n + lead + 1) * sizeof(int32_t));
  memory->buffers[2] = memory->copies[2] = zalloc(bytes);
  uint8_t *valid = memory->copies[0];
  int32_t *offsets = memory->copies[1];
  char *data = memory->copies[2];
  array->null_count = lead;
  for (R_xlen_t i = 0; i < n; i++) {
    SEXP text = STRING_ELT(texts, i);
    int32_t at = offsets[i + lead];
    int32_t size = 0;
    if (text == NA_STRING) {
      array->null_count++;
    } else {
      const char *utf8 = Rf_translateCharUTF8(text);
      size = strlen(utf8);
      memcpy(data + at, utf8, size);
      valid[(i + lead) / 8] |= 1 << ((i + lead) % 8);
      vmaxset(stack);
    }
    offsets[i + lead + 1] = at + size;
  }
}

static void factor(struct ArrowArray *array, struct ArrowSchema *schema,
                   SEXP codes, const char *name) {
  SEXP levels = Rf_getAttrib(codes, R_LevelsSymbol);
  open_schema(schema, "i", name);
  if (Rf_inherits(codes, "ordered")) schema->flags |= DICTIONARY_ORDERED;
  lend(array, codes, INTEGER_RO(codes), XLENGTH(codes));
  schema->dictionary = zalloc(sizeof(struct ArrowSchema));
  open_schema(schema->dictionary, "u", "levels");
  array->dictionary = zalloc(sizeof(struct ArrowArray));
  copy_strings(array->dictionary, levels, 1, name);
}

static void matrix(struct ArrowArray *array, struct ArrowSchema *schema,
                   SEXP values, const char *name) {
  char format[32];
  int rows = Rf_nrows(values), width = Rf_ncols(values);
  snprintf(format, sizeof(format), "+w:%d", width);
  open_schema(schema, format, name);
  open_array(array, rows, 1);
  schema->metadata = metadata("deepregression4j.layout", "column-major");
  open_children(array, schema, 1);
  open_schema(schema->children[0], "g", "item");
  lend(array->children[0], values, REAL_RO(values), XLENGTH(values));
}

static void column(struct ArrowArray *array, struct ArrowSchema *schema,
                   SEXP values, const char *name) {
  switch (TYPEOF(values)) {
  case REALSXP:
    if (Rf_isMatrix(values)) {
      matrix(array, schema, values, name);
    } else {
      open_schema(schema, "g", name);
      lend(array, values, REAL_RO(values), XLENGTH(values));
    }
    break;
  case INTSXP:
    if (Rf_inherits(values, "factor")) {
      factor(array, schema, values, name);
    } else {
      open_schema(schema, "i", name);
      lend(array, values, INTEGER_RO(values), XLENGTH(values));
    }
    break;
  case LGLSXP:
    open_schema(schema, "i", name);
    schema->metadata = metadata("deepregression4j.kind", "logical");
    lend(array, values, LOGICAL_RO(values), XLENGTH(values));
    break;
  case STRSXP:
    open_schema(schema, "u", name);
    copy_strings(array, values, 0, name);
    break;
  default:
    Rf_error("column '%s': expected numbers, a factor or texts, got %s", name,
             Rf_type2char(TYPEOF(values)));
  }
}

/* ---- what R calls ------------------------------------------------------ */

typedef struct {
  struct ArrowArray array;
  struct ArrowSchema schema;
} exported_pair;

static void discard(SEXP pointer) {
  exported_pair *pair = R_ExternalPtrAddr(pointer);
  if (pair == NULL) return;
  if (pair->array.release != NULL) pair->array.release(&pair->array);
  if (pair->schema.release != NULL) pair->schema.release(&pair->schema);
  free(pair);
  R_ClearExternalPtr(pointer);
}

static int64_t rows_of(SEXP values) {
  return Rf_isMatrix(values) ? Rf_nrows(values) : XLENGTH(values);
}

SEXP dr4j_export(SEXP columns) {
  R_xlen_t n = XLENGTH(columns);
  SEXP names = PROTECT(Rf_getAttrib(columns, R_NamesSymbol));
  exported_pair *pair = zalloc(sizeof(exported_pair));
  SEXP pointer = PROTECT(R_MakeExternalPtr(pair, R_NilValue, R_NilValue));
  R_RegisterCFinalizerEx(pointer, &discard, TRUE);
  open_schema(&pair->schema, "+s", "");
  pair->schema.flags = 0;
  open_array(&pair->array, n ? rows_of(VECTOR_ELT(columns, 0)) : 0, 1);
  open_children(&pair->array, &pair->schema, n);
  for (R_xlen_t i = 0; i < n; i++) {
    const char *name = Rf_translateCharUTF8(STRING_ELT(names, i));
    SEXP values = VECTOR_ELT(columns, i);
    if (rows_of(values) != pair->array.length)
      Rf_error("column '%s': expected %.0f rows, got %.0f", name,
               (double) pair->array.length, (double) rows_of(values));
    column(pair->array.children[i], pair->schema.children[i], values, name);
  }
  UNPROTECT(2);
  return pointer;
}

static SEXP decimal(const void *address) {
  char text[24];
  snprintf(text, sizeof(text), "%llu",
           (unsigned long long) (uintptr_t) address);
  return Rf_mkChar(text);
}

SEXP dr4j_addresses(SEXP exported) {
  exported_pair *pair = R_ExternalPtrAddr(exported);
  if (pair == NULL) Rf_error("the exported columns were discarded already");
  SEXP addresses = PROTECT(Rf_allocVector(STRSXP, 2));
  SET_STRING_ELT(addresses, 0, decimal(&pair->array));
  SET_STRING_ELT(addresses, 1, decimal(&pair->schema));
  UNPROTECT(1);
  return addresses;
}

SEXP dr4j_discard(SEXP exported) {
  discard(exported);
  return R_NilValue;
}

SEXP dr4j_drain(void) {
  loan *node = atomic_exchange(&returned, NULL);
  while (node != NULL) {
    loan *next = node->next;
    R_ReleaseObject(node->vector);
    free(node);
    lent--;
    node = next;
  }
  return Rf_ScalarInteger(lent);
}

SEXP dr4j_address(SEXP vector) {
  if (TYPEOF(vector) != REALSXP) Rf_error("expected a double vector");
  return Rf_ScalarString(decimal(XLENGTH(vector) > 0 ? REAL(vector)
                                                     : (void *) nothing));
}
