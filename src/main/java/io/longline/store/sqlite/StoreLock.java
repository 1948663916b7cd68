package io.longline.store.sqlite;

import io.longline.store.StoreRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two processes from serving one database file. The lock is on a file beside it, since opening and closing the
 * database file itself would drop SQLite's own locks; it holds the process and host of its holder.
 */
final class StoreLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private StoreLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    static StoreLock take(Path database) {
        Path file = Path.of(database + ".lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            @Nullable FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = read(channel);
                channel.close();
                throw new StoreRefusedException("the store " + database + " is in use by " + holder
                        + "; stop it first, or name another file in store.url");
            }
            write(channel);
            return new StoreLock(channel, lock);
        } catch (IOException fault) {
            throw new StoreRefusedException(
                    "the store's lock file " + file + " cannot be written: " + fault.getMessage());
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(256);
        int length = channel.read(content, 0);
        return length <= 0 ? "another process" : new String(content.array(), 0, length, StandardCharsets.UTF_8).strip();
    }

    private static void write(FileChannel channel) throws IOException {
        String holder = "process " + ProcessHandle.current().pid() + " on " + host() + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "this host";
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
