package org.deepregression4j.bridge;

import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.CDataDictionaryProvider;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Arrow's allocator, made when the first table comes: loading Arrow takes half a second. */
final class Memory {
  private @Nullable BufferAllocator allocator;

  synchronized BufferAllocator allocator() {
    if (allocator == null) {
      allocator = new RootAllocator();
    }
    return allocator;
  }

  /** Bytes that imported tables hold. */
  synchronized double bytes() {
    return allocator == null ? 0 : allocator.getAllocatedMemory();
  }

  /** Sends one value through the C interface, which loads its classes and native library. */
  void warmUp() {
    BufferAllocator all = allocator();
    try (BufferAllocator own = all.newChildAllocator("warm-up", 0, Long.MAX_VALUE);
        Float8Vector column = new Float8Vector("x", own);
        CDataDictionaryProvider dictionaries = new CDataDictionaryProvider();
        ArrowArray array = ArrowArray.allocateNew(own);
        ArrowSchema schema = ArrowSchema.allocateNew(own)) {
      column.setSafe(0, 1.0);
      column.setValueCount(1);
      try (VectorSchemaRoot out = VectorSchemaRoot.of(column)) {
        Data.exportVectorSchemaRoot(own, out, dictionaries, array, schema);
        Data.importVectorSchemaRoot(own, array, schema, dictionaries).close();
      }
    }
  }
}
