-- Sealing: the Merkle tree over the entries and its signed checkpoints (tools/sealing.py).

CREATE TABLE IF NOT EXISTS med_audit.leaf (
    seq   bigint PRIMARY KEY,           -- from 0
    entry bigint NOT NULL UNIQUE,
    xid   bigint NOT NULL,
    hash  bytea NOT NULL,               -- sha256(0x00 || body), the leaf hash of RFC 9162
    link  bytea NOT NULL                -- sha256(link before || hash): names the place of a change
);

-- Roots of each complete run of 256 leaves, so that a proof need not read every leaf.
CREATE TABLE IF NOT EXISTS med_audit.subtree (
    place bigint PRIMARY KEY,           -- leaves [256 * place, 256 * (place + 1))
    hash  bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS med_audit.checkpoint (
    id    integer PRIMARY KEY,          -- from 1 without a gap
    size  bigint NOT NULL UNIQUE,
    root  bytea NOT NULL,
    at    timestamptz NOT NULL,
    note  text NOT NULL                 -- the signed note; the columns are an index onto it
);

-- Where sealing stands. A help to the sequencer: it goes on only where this agrees with the last
-- checkpoint that its own key signed.
CREATE TABLE IF NOT EXISTS med_audit.seal_state (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    log       uuid,                     -- of the last pass
    cluster   bigint,                   -- PostgreSQL's system identifier then
    watermark bigint NOT NULL,          -- every visible entry of an older transaction is sealed
    link      bytea NOT NULL,           -- of the last leaf
    frontier  bytea[] NOT NULL          -- roots of the complete subtrees, largest first
);

INSERT INTO med_audit.seal_state (watermark, link, frontier)
     SELECT 0, decode(repeat('00', 32), 'hex'), '{}'
      WHERE NOT EXISTS (SELECT FROM med_audit.seal_state);

DO $$ BEGIN
    PERFORM med_audit.protect('leaf'), med_audit.protect('subtree'),
            med_audit.protect('checkpoint');
END $$;
