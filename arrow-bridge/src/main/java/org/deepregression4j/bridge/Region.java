package org.deepregression4j.bridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.util.MemoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of memory outside the Java heap, of any size, seen through direct buffers in native
 * byte order. A region borrows: who made it keeps the memory alive while the region is in use.
 */
public final class Region {
  private final long address;
  private final long bytes;
  private final @Nullable ByteBuffer whole;

  private Region(long address, long bytes, @Nullable ByteBuffer whole) {
    this.address = address;
    this.bytes = bytes;
    this.whole = whole;
  }

  /** Borrows memory at an address, for instance an R vector's. */
  public static Region wrap(long address, long bytes) {
    return new Region(address, bytes, null);
  }

  /** Borrows a direct buffer, from 0 to its capacity. */
  public static Region wrap(ByteBuffer direct) {
    if (!direct.isDirect()) {
      throw new IllegalArgumentException("expected a direct buffer, got " + direct);
    }
    return new Region(0, direct.capacity(), direct);
  }

  /** The size in bytes; may exceed what one buffer can hold. */
  public long bytes() {
    return bytes;
  }

  /**
   * A part as a direct buffer, without a copy.
   *
   * @param offset first byte, 0-based
   * @param length bytes, at most 2 GiB - 1
   * @throws IndexOutOfBoundsException when the part leaves the region
   */
  public ByteBuffer block(long offset, long length) {
    if (offset < 0 || length < 0 || length > Integer.MAX_VALUE || offset > bytes - length) {
      throw new IndexOutOfBoundsException(
          "expected a block of at most 2 GiB within "
              + bytes
              + " bytes, got "
              + length
              + " bytes"
              + " from byte "
              + offset);
    }
    ByteBuffer part;
    if (whole != null) {
      part = whole.slice((int) offset, (int) length);
    } else if (length == 0) {
      part = ByteBuffer.allocateDirect(0);
    } else {
      part = MemoryUtil.directBuffer(address + offset, (int) length);
    }
    return part.order(ByteOrder.nativeOrder());
  }
}
