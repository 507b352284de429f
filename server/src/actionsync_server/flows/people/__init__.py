"""The people flow: Marketo is the only source, our copy follows it.

sync_control ── starts, pauses, ends an initial load
loading ─────── carries it out: planning (census) → bulk_chunks | id_pages → checkpoints
incremental ─── three feeds, for ever: feed_places says where to go on, feed_rows what a row asks for
applying ────── the one place where a reading of Marketo people meets our copies
lookups, status ─ what callers see
"""
