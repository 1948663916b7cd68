package io.longline.store.sqlite;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A pool that tells what is asked of it, and passes everything on. */
final class StatementLog {
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private Supplier<Future<?>> afterEach = Future::succeededFuture;

    /** A statement with its values. */
    record Asked(String sql, List<Object> values) {}

    /** Has something done after each statement's answer, before the one who asked hears of it. */
    void afterEach(Supplier<Future<?>> action) {
        afterEach = action;
    }

    /** What was asked since the last time. */
    List<Asked> taken() {
        List<Asked> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    Pool over(Pool pool) {
        return (Pool) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Pool.class}, (proxy, method, arguments) -> {
                    Object answer = passOn(pool, method, arguments);
                    return method.getName().equals("preparedQuery") && arguments.length == 1
                            ? over((PreparedQuery<?>) answer, (String) arguments[0])
                            : answer;
                });
    }

    private Object over(PreparedQuery<?> query, String sql) {
        return Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {PreparedQuery.class}, (proxy, method, arguments) -> {
                    Object answer = passOn(query, method, arguments);
                    if (method.getName().equals("execute") && arguments != null && arguments.length == 1) {
                        asked.add(new Asked(sql, values((Tuple) arguments[0])));
                        return ((Future<?>) answer).eventually(() -> afterEach.get());
                    }
                    return answer;
                });
    }

    private static Object passOn(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException fault) {
            throw fault.getCause();
        }
    }

    private static List<Object> values(Tuple tuple) {
        List<Object> values = new ArrayList<>();
        for (int index = 0; index < tuple.size(); index++) {
            values.add(tuple.getValue(index));
        }
        return values;
    }
}
