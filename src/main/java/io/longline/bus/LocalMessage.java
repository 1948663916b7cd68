package io.longline.bus;

/** Something that is handed over on one node uncopied, and therefore immutable. */
public sealed interface LocalMessage permits Request, Reply, ShardCommit, WebhooksChanged {}
