package io.longline.store.sql;

import io.longline.policy.DurationHistogram;
import io.longline.store.sql.Counted.Owner;
import io.longline.store.sql.CountedWriter.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * What a transaction has counted, as bytes for its journal: the number of owners, and for each its table, identifier,
 * running figures and minutes, in the order of the code below, big-endian, as {@link DataOutputStream} writes them. Then,
 * where filters kept events out, how many for each owner, in the same order; entries of before these were counted end
 * without it.
 */
final class CountedCodec {
    private CountedCodec() {}

    static byte[] encode(Counted counted) {
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(128 * counted.figures().size());
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(counted.figures().size());
            for (Map.Entry<Owner, Figures> entry : counted.figures().entrySet()) {
                out.writeByte(entry.getKey().table().code);
                out.writeUTF(entry.getKey().id());
                write(entry.getValue(), out);
            }
            if (counted.figures().values().stream().anyMatch(figures -> figures.filtered > 0)) {
                for (Figures figures : counted.figures().values()) {
                    out.writeLong(figures.filtered);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory can be written", impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(Figures figures, DataOutputStream out) throws IOException {
        out.writeLong(figures.pending);
        out.writeLong(figures.retrying);
        out.writeLong(figures.lastSuccessAtMillis);
        out.writeLong(figures.lastFailureAtMillis);
        out.writeInt(figures.minutes.size());
        for (Map.Entry<Long, Tally> minute : figures.minutes.entrySet()) {
            Tally tally = minute.getValue();
            byte[] durations = tally.durations.encode();
            out.writeLong(minute.getKey());
            out.writeLong(tally.accepted);
            out.writeLong(tally.attemptsSucceeded);
            out.writeLong(tally.attemptsFailed);
            out.writeLong(tally.deliveriesSucceeded);
            out.writeLong(tally.deliveriesFailed);
            out.writeDouble(tally.durationMillis);
            out.writeShort(durations.length);
            out.write(durations);
        }
    }

    /** @throws UncheckedIOException when the bytes are not what {@link #encode} writes */
    static Counted decode(byte[] bytes) {
        Counted counted = new Counted();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int owners = in.readInt();
            for (int index = 0; index < owners; index++) {
                Owner owner = new Owner(Table.ofCode(in.readByte()), in.readUTF());
                read(counted.of(owner), in);
            }
            if (in.available() > 0) {
                for (Figures figures : counted.figures().values()) {
                    figures.filtered = in.readLong();
                }
            }
        } catch (IOException malformed) {
            throw new UncheckedIOException("the journal of statistics cannot be read", malformed);
        }
        return counted;
    }

    private static void read(Figures figures, DataInputStream in) throws IOException {
        figures.waiting(in.readLong(), in.readLong());
        figures.lastSuccessAtMillis = in.readLong();
        figures.lastFailureAtMillis = in.readLong();
        int minutes = in.readInt();
        for (int index = 0; index < minutes; index++) {
            Tally tally = figures.minute(in.readLong());
            tally.accepted = in.readLong();
            tally.attemptsSucceeded = in.readLong();
            tally.attemptsFailed = in.readLong();
            tally.deliveriesSucceeded = in.readLong();
            tally.deliveriesFailed = in.readLong();
            tally.durationMillis = in.readDouble();
            tally.durations.add(DurationHistogram.decode(in.readNBytes(in.readUnsignedShort())));
        }
    }
}
