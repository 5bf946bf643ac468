package org.deepregression4j.bridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import org.deepregression4j.bridge.BridgeException.ArgumentException;
import org.deepregression4j.bridge.BridgeException.CancelledException;

/**
 * Where a job writes doubles: a vector that R allocated, or memory of its own when the caller has
 * no address to give. Mutable. {@link #revoke} ends the loan: it waits for a running write, and
 * later writes throw, so that R may free the vector while a cancelled job still winds down.
 */
public final class ResultVector {
  private static final long CHUNK = 1L << 26;

  private final Region memory;
  private final long length;
  private final boolean own;
  private boolean revoked;

  private ResultVector(Region memory, long length, boolean own) {
    this.memory = memory;
    this.length = length;
    this.own = own;
  }

  /**
   * Borrows {@code length} doubles at a decimal address; with the address {@code ""} the vector is
   * of its own memory and {@link #values} gives it.
   */
  static ResultVector of(String address, double length) {
    if (!(length >= 0) || length != Math.rint(length) || length > (1L << 53)) {
      throw new ArgumentException("length", "length: expected a whole number, got " + length);
    }
    long n = (long) length;
    if (!address.isEmpty()) {
      return new ResultVector(
          Region.wrap(Addresses.parse("outAddress", address), n * Double.BYTES), n, false);
    }
    if (n > Integer.MAX_VALUE / Double.BYTES) {
      throw new ArgumentException("length", "length: above 2 GiB R must give an address, got " + n);
    }
    return new ResultVector(
        Region.wrap(ByteBuffer.allocateDirect((int) n * Double.BYTES)), n, true);
  }

  /** Number of doubles. */
  public long length() {
    return length;
  }

  /** Checks that the caller's vector has the length of the result. */
  public void requireLength(long expected, String what) {
    if (length != expected) {
      throw new ArgumentException(
          "length", what + ": expected a vector of " + expected + " values, got " + length);
    }
  }

  /** Writes values from the 0-based {@code offset} on. */
  public void write(long offset, double[] values) {
    write(offset, DoubleBuffer.wrap(values));
  }

  /**
   * Writes what remains in {@code values} from the 0-based {@code offset} on.
   *
   * @throws CancelledException when the loan has ended
   * @throws IndexOutOfBoundsException when the values do not fit
   */
  public synchronized void write(long offset, DoubleBuffer values) {
    if (revoked) {
      throw new CancelledException("cancelled before its result was written");
    }
    DoubleBuffer from = values.duplicate();
    long at = offset;
    while (from.hasRemaining()) {
      int count = (int) Math.min(from.remaining(), CHUNK);
      memory
          .block(at * Double.BYTES, (long) count * Double.BYTES)
          .order(ByteOrder.nativeOrder())
          .asDoubleBuffer()
          .put(from.slice(from.position(), count));
      from.position(from.position() + count);
      at += count;
    }
  }

  /** Whether the memory is Java's: R reads the values when the job has ended. */
  boolean isOwn() {
    return own;
  }

  /** The values so far; for vectors of their own memory. */
  synchronized double[] values() {
    double[] copy = new double[Math.toIntExact(length)];
    memory.block(0, memory.bytes()).asDoubleBuffer().get(copy);
    return copy;
  }

  /** Ends the loan; returns once no write is running. */
  synchronized void revoke() {
    revoked = true;
  }
}
