package org.deepregression4j.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.deepregression4j.bridge.BridgeException.ArgumentException;
import org.deepregression4j.bridge.BridgeException.EngineException;
import org.deepregression4j.bridge.BridgeException.HandleException;

/**
 * What R holds by name. Mutable, thread safe. A handle carries a mark of its session, so that one
 * from a saved workspace is refused rather than taken for another object. Released objects are
 * closed once no {@link Lease} uses them.
 */
final class Handles {
  private static final class Entry {
    private final Object value;
    private int users = 1;

    Entry(Object value) {
      this.value = value;
    }
  }

  /** Objects that stay open until the lease is closed. */
  final class Lease implements AutoCloseable {
    private final List<Entry> held = new ArrayList<>();

    /** The object behind a handle, kept open. */
    <T> T use(String argument, String handle, Class<T> type) {
      synchronized (Handles.this) {
        Entry entry = find(argument, handle, type);
        entry.users++;
        held.add(entry);
        return type.cast(entry.value);
      }
    }

    @Override
    public void close() {
      List<Entry> ended = new ArrayList<>(held);
      held.clear();
      ended.forEach(Handles.this::leave);
    }
  }

  private final String session =
      Integer.toHexString(ThreadLocalRandom.current().nextInt() | 0x10000000);
  private final Map<String, Entry> entries = new TreeMap<>();
  private long made;

  /** Keeps an object; the handle reads {@code kind:session:number}. */
  synchronized String add(String kind, Object value) {
    String handle = kind + ":" + session + ":" + ++made;
    entries.put(handle, new Entry(value));
    return handle;
  }

  /** The object behind a handle, for a call that ends before R can release it. */
  synchronized <T> T get(String argument, String handle, Class<T> type) {
    return type.cast(find(argument, handle, type).value);
  }

  Lease lease() {
    return new Lease();
  }

  /** Forgets a handle; false when it was not open. */
  boolean release(String handle) {
    Entry entry;
    synchronized (this) {
      entry = entries.remove(handle);
    }
    if (entry == null) {
      return false;
    }
    leave(entry);
    return true;
  }

  /** Open handles, of all kinds. */
  synchronized int count() {
    return entries.size();
  }

  private Entry find(String argument, String handle, Class<?> type) {
    Entry entry = entries.get(handle);
    if (entry == null) {
      String why = handle.contains(session) ? "was released" : "is not of this session";
      throw new HandleException(handle, argument + ": the handle '" + handle + "' " + why);
    }
    if (!type.isInstance(entry.value)) {
      throw new ArgumentException(
          argument,
          argument + ": expected a handle of a " + type.getSimpleName() + ", got " + handle);
    }
    return entry;
  }

  private void leave(Entry entry) {
    synchronized (this) {
      if (--entry.users > 0) {
        return;
      }
    }
    if (entry.value instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new EngineException(e);
      }
    }
  }
}
