/// The tables of `postroom.sqlite`, migration by migration.
///
/// Times are milliseconds since 1970 (UTC); digests are blobs of 32 bytes; months are numbers like 202611. Columns with
/// personal data are marked: they are the ones that erasing a customer touches. There are few indexes on purpose: each
/// one with random keys costs the writer more than all else about a row. Lists of states are written as `a OR b`, because
/// SQLite builds a temporary index for every row that is held against `IN` with more than two values.
enum Schema {
    static let version1 = """
        CREATE TABLE meta (
          key TEXT PRIMARY KEY NOT NULL,
          value ANY NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE config_version (
          id INTEGER PRIMARY KEY,
          version TEXT NOT NULL UNIQUE,
          first_used_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE account (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE
        ) STRICT;

        -- How far each mailbox is recorded. cursor: every UID up to it is recorded or known to be absent.
        CREATE TABLE mailbox_cursor (
          id INTEGER PRIMARY KEY,
          account_id INTEGER NOT NULL REFERENCES account (id),
          mailbox TEXT NOT NULL,
          uid_validity INTEGER NOT NULL,
          generation INTEGER NOT NULL DEFAULT 1,
          cursor INTEGER NOT NULL DEFAULT 0,
          baseline_at INTEGER,
          first_seen_at INTEGER NOT NULL,
          last_cycle_at INTEGER,
          UNIQUE (account_id, mailbox)
        ) STRICT;

        -- UIDs that are being worked on. A row found at the start means that the process died meanwhile.
        CREATE TABLE work_range (
          id INTEGER PRIMARY KEY,
          mailbox_id INTEGER NOT NULL REFERENCES mailbox_cursor (id),
          uid_validity INTEGER NOT NULL,
          first_uid INTEGER NOT NULL,
          last_uid INTEGER NOT NULL,
          begun_at INTEGER NOT NULL,
          CHECK (first_uid <= last_uid)
        ) STRICT;

        -- The ledger: one row a message on a server.
        CREATE TABLE delivery (
          id INTEGER PRIMARY KEY,
          mailbox_id INTEGER NOT NULL REFERENCES mailbox_cursor (id),
          uid_validity INTEGER NOT NULL,
          uid INTEGER NOT NULL,
          arrived_at INTEGER NOT NULL,
          recorded_at INTEGER NOT NULL,
          size INTEGER NOT NULL,
          raw_digest BLOB,
          archive_month INTEGER,
          state TEXT NOT NULL
            CHECK (state = 'ticketed' OR state = 'followed-up' OR state = 'duplicate' OR state = 'dsn'
            OR state = 'own' OR state = 'ignored' OR state = 'quarantined' OR state = 'parked'),
          detail TEXT,
          ticket INTEGER REFERENCES ticket (number),
          duplicate_of INTEGER REFERENCES delivery (id),
          acknowledged_at INTEGER,
          retry_requested_at INTEGER,
          config_version_id INTEGER NOT NULL REFERENCES config_version (id),
          UNIQUE (mailbox_id, uid_validity, uid)
        ) STRICT;
        CREATE INDEX delivery_to_acknowledge ON delivery (mailbox_id, uid_validity, uid)
          WHERE acknowledged_at IS NULL AND state <> 'parked';
        CREATE INDEX delivery_parked ON delivery (id) WHERE state = 'parked';

        -- What was understood and decided; one row a delivery that could be read. Personal: subject, writer_name,
        -- writer_address, message_id, facts, decision.
        CREATE TABLE message (
          delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id),
          message_key INTEGER NOT NULL,
          fingerprint_key INTEGER NOT NULL,
          fingerprint BLOB NOT NULL,
          message_id TEXT,
          sent_at INTEGER,
          kind TEXT NOT NULL,
          trust TEXT NOT NULL,
          language TEXT NOT NULL,
          subject TEXT NOT NULL,
          writer_name TEXT,
          writer_address TEXT,
          category TEXT NOT NULL,
          urgency TEXT NOT NULL,
          suppression TEXT,
          outbox_id INTEGER,
          defects TEXT,
          decided_at INTEGER NOT NULL,
          facts TEXT NOT NULL,
          decision TEXT NOT NULL
        ) STRICT;
        -- Finds references and duplicates: a key is the start of the SHA-256 of the Message-ID, or of the raw bytes
        -- where there is none.
        CREATE INDEX message_by_key ON message (message_key, fingerprint_key);

        -- Attachments. Personal: filename.
        CREATE TABLE part (
          delivery_id INTEGER NOT NULL REFERENCES message (delivery_id),
          path TEXT NOT NULL,
          filename TEXT NOT NULL,
          media_type TEXT NOT NULL,
          size INTEGER NOT NULL,
          PRIMARY KEY (delivery_id, path)
        ) STRICT, WITHOUT ROWID;

        -- Personal: name, address.
        CREATE TABLE customer (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          address TEXT NOT NULL,
          tier TEXT,
          last_assignee TEXT,
          created_at INTEGER NOT NULL,
          updated_at INTEGER NOT NULL
        ) STRICT;

        -- Addresses in the compared form: where customers can be reached, and (without a customer) where answers went.
        -- Personal: value.
        CREATE TABLE contact_point (
          kind TEXT NOT NULL,
          value TEXT NOT NULL,
          customer_id INTEGER REFERENCES customer (id),
          first_seen_at INTEGER NOT NULL,
          last_auto_reply_at INTEGER,
          PRIMARY KEY (value, kind)
        ) STRICT, WITHOUT ROWID;

        -- Details found in a message. Personal: value, normalized.
        CREATE TABLE observation (
          delivery_id INTEGER NOT NULL REFERENCES message (delivery_id),
          number INTEGER NOT NULL,
          customer_id INTEGER REFERENCES customer (id),
          field TEXT NOT NULL,
          value TEXT NOT NULL,
          normalized TEXT NOT NULL,
          extension TEXT NOT NULL,
          confidence REAL NOT NULL,
          line INTEGER,
          evidence TEXT NOT NULL,
          state TEXT NOT NULL DEFAULT 'new'
            CHECK (state = 'new' OR state = 'accepted' OR state = 'conflicting' OR state = 'rejected'
            OR state = 'superseded'),
          PRIMARY KEY (delivery_id, number)
        ) STRICT, WITHOUT ROWID;

        -- Personal: subject.
        CREATE TABLE ticket (
          number INTEGER PRIMARY KEY,
          state TEXT NOT NULL
            CHECK (state = 'new' OR state = 'open' OR state = 'waiting' OR state = 'resolved'
            OR state = 'closed'),
          version INTEGER NOT NULL,
          delivery_id INTEGER NOT NULL,
          customer_id INTEGER REFERENCES customer (id),
          subject TEXT NOT NULL,
          language TEXT NOT NULL,
          category TEXT NOT NULL,
          urgency TEXT NOT NULL,
          team TEXT,
          assignee TEXT NOT NULL,
          opened_at INTEGER NOT NULL,
          updated_at INTEGER NOT NULL,
          first_response_due INTEGER,
          first_response_at INTEGER,
          resolution_due INTEGER,
          last_human_answer_at INTEGER,
          resolved_at INTEGER
        ) STRICT;

        -- What happened to a ticket; number counts with ticket.version. Personal: note.
        CREATE TABLE ticket_event (
          ticket INTEGER NOT NULL REFERENCES ticket (number),
          number INTEGER NOT NULL,
          at INTEGER NOT NULL,
          kind TEXT NOT NULL,
          actor TEXT NOT NULL,
          delivery_id INTEGER,
          outbox_id INTEGER,
          detail TEXT,
          note TEXT,
          PRIMARY KEY (ticket, number)
        ) STRICT, WITHOUT ROWID;

        -- Open tickets of each person, and whose turn it was last in each team.
        CREATE TABLE agent (
          name TEXT PRIMARY KEY NOT NULL,
          open_tickets INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE team (
          name TEXT PRIMARY KEY NOT NULL,
          last_assignee TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- One row a mail that leaves. Personal: subject.
        CREATE TABLE outbox (
          id INTEGER PRIMARY KEY,
          kind TEXT NOT NULL,
          ticket INTEGER NOT NULL REFERENCES ticket (number),
          delivery_id INTEGER REFERENCES delivery (id),
          state TEXT NOT NULL
            CHECK (state = 'queued' OR state = 'sending' OR state = 'accepted' OR state = 'deferred'
            OR state = 'uncertain' OR state = 'held' OR state = 'cancelled' OR state = 'failed'),
          reason TEXT,
          automatic INTEGER NOT NULL,
          template TEXT,
          language TEXT NOT NULL,
          message_id TEXT NOT NULL,
          subject TEXT NOT NULL,
          reverse_path TEXT NOT NULL,
          raw_digest BLOB NOT NULL,
          archive_month INTEGER NOT NULL,
          size INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          updated_at INTEGER NOT NULL,
          not_before INTEGER NOT NULL,
          expires_at INTEGER NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0,
          queue_id TEXT,
          last_reply TEXT
        ) STRICT;
        CREATE INDEX outbox_by_ticket ON outbox (ticket);
        CREATE INDEX outbox_due ON outbox (not_before) WHERE state IN ('queued', 'deferred');
        CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';

        -- Personal: address.
        CREATE TABLE outbox_recipient (
          outbox_id INTEGER NOT NULL REFERENCES outbox (id),
          address TEXT NOT NULL,
          state TEXT NOT NULL
            CHECK (state = 'pending' OR state = 'accepted' OR state = 'rejected' OR state = 'delivered'
            OR state = 'delayed' OR state = 'bounced'),
          reply TEXT,
          updated_at INTEGER NOT NULL,
          PRIMARY KEY (outbox_id, address)
        ) STRICT, WITHOUT ROWID;

        -- Who changed what, why and when. No personal values: ids and keyed digests. previous is the SHA-256 of the row
        -- before, so that nothing can be taken out or altered unseen.
        CREATE TABLE audit (
          id INTEGER PRIMARY KEY,
          at INTEGER NOT NULL,
          actor TEXT NOT NULL,
          action TEXT NOT NULL,
          object TEXT NOT NULL,
          object_id INTEGER,
          ticket INTEGER,
          reason TEXT,
          before BLOB,
          after BLOB,
          previous BLOB NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
          BEGIN SELECT RAISE (ABORT, 'the audit is only ever added to'); END;
        CREATE TRIGGER audit_keeps_values BEFORE UPDATE ON audit
          BEGIN SELECT RAISE (ABORT, 'the audit is only ever added to'); END;
        """

    /// What is known of an attachment beside its name. Rows of version 1 keep the values given here.
    static let version2 = """
        ALTER TABLE part ADD COLUMN declared_type TEXT NOT NULL DEFAULT '';
        ALTER TABLE part ADD COLUMN source TEXT NOT NULL DEFAULT 'part';
        ALTER TABLE part ADD COLUMN flags TEXT NOT NULL DEFAULT '';
        ALTER TABLE part ADD COLUMN digest BLOB;
        """

    /// What needs a person: what is wrong at present, and the mails that tell operators when that changes.
    static let version3 = """
        CREATE TABLE alarm (
          kind TEXT NOT NULL,
          account TEXT NOT NULL,
          mailbox TEXT NOT NULL,
          since INTEGER NOT NULL,
          detail TEXT NOT NULL,
          PRIMARY KEY (kind, account, mailbox)
        ) STRICT, WITHOUT ROWID;

        -- Mail to the operators: no customer's data stands in it, so it needs no archive and is repeated until it is taken.
        -- account: the mail goes to that account itself, to see whether it arrives.
        CREATE TABLE notice (
          id INTEGER PRIMARY KEY,
          created_at INTEGER NOT NULL,
          kind TEXT NOT NULL,
          account TEXT,
          subject TEXT NOT NULL,
          text TEXT NOT NULL,
          not_before INTEGER NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0,
          settled_at INTEGER,
          last_reply TEXT
        ) STRICT;
        -- Messages that are being moved by COPY: before it is repeated, the target is searched.
        CREATE TABLE move_begun (
          delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id)
        ) STRICT;
        CREATE INDEX notice_due ON notice (not_before) WHERE settled_at IS NULL;
        """

    /// What answering needs: which texts are approved, which addresses refuse mail, which ticket continues another, and
    /// mail and webhooks about tickets to those who have them.
    static let version4 = """
        -- Texts that may leave by themselves. digest: SHA-256 over the template and its partials; a changed text is another.
        CREATE TABLE template_approval (
          name TEXT NOT NULL,
          language TEXT NOT NULL,
          digest BLOB NOT NULL,
          approved_at INTEGER NOT NULL,
          actor TEXT NOT NULL,
          PRIMARY KEY (name, language, digest)
        ) STRICT, WITHOUT ROWID;

        -- A mail to this address came back for good: until then it gets nothing automatic. Status: RFC 3463.
        ALTER TABLE contact_point ADD COLUMN undeliverable_until INTEGER;
        ALTER TABLE contact_point ADD COLUMN undeliverable_status TEXT;

        -- The finished ticket that this one continues.
        ALTER TABLE ticket ADD COLUMN follows INTEGER REFERENCES ticket (number);

        -- person: the notice goes to him and not to the operators. hook_*: the same for the webhook of the operators.
        ALTER TABLE notice ADD COLUMN person TEXT;
        ALTER TABLE notice ADD COLUMN ticket INTEGER;
        ALTER TABLE notice ADD COLUMN hook_not_before INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE notice ADD COLUMN hook_attempts INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE notice ADD COLUMN hook_settled_at INTEGER;
        UPDATE notice SET hook_settled_at = created_at;
        CREATE INDEX notice_hook_due ON notice (hook_not_before) WHERE hook_settled_at IS NULL;
        """

    /// What the admins' rules need: the configurations that were in force, how often each rule matched, and what a rule may
    /// say of a ticket, a customer's details with their places, and where a message is moved.
    static let version5 = """
        -- The files of a configuration; the same content once. Personal: content (a list may name customers).
        CREATE TABLE config_content (
          digest BLOB PRIMARY KEY NOT NULL,
          content BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE config_file (
          config_version_id INTEGER NOT NULL REFERENCES config_version (id),
          name TEXT NOT NULL,
          digest BLOB NOT NULL REFERENCES config_content (digest),
          PRIMARY KEY (config_version_id, name)
        ) STRICT, WITHOUT ROWID;
        -- Since when which configuration was in force.
        CREATE TABLE config_period (
          id INTEGER PRIMARY KEY,
          config_version_id INTEGER NOT NULL REFERENCES config_version (id),
          since INTEGER NOT NULL
        ) STRICT;

        -- By the rule's name.
        CREATE TABLE rule_hit (
          rule TEXT PRIMARY KEY NOT NULL,
          hits INTEGER NOT NULL,
          first_at INTEGER NOT NULL,
          last_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Bytes of the mail's plain text; null where it was not read from there.
        ALTER TABLE observation ADD COLUMN span_start INTEGER;
        ALTER TABLE observation ADD COLUMN span_end INTEGER;
        ALTER TABLE observation ADD COLUMN is_change INTEGER NOT NULL DEFAULT 0;

        -- tags: one a line.
        ALTER TABLE ticket ADD COLUMN importance TEXT;
        ALTER TABLE ticket ADD COLUMN complexity TEXT;
        ALTER TABLE ticket ADD COLUMN tier TEXT;
        ALTER TABLE ticket ADD COLUMN tags TEXT NOT NULL DEFAULT '';
        CREATE INDEX ticket_in_work_by_customer ON ticket (customer_id)
          WHERE state = 'new' OR state = 'open' OR state = 'waiting';

        -- Persons who hear of all that happens on a ticket.
        CREATE TABLE ticket_watcher (
          ticket INTEGER NOT NULL REFERENCES ticket (number),
          person TEXT NOT NULL,
          PRIMARY KEY (ticket, person)
        ) STRICT, WITHOUT ROWID;

        -- Where a rule wants the message on its server.
        ALTER TABLE delivery ADD COLUMN move_to TEXT;
        """

    /// The one table of a month of the archive. key is the start of the digest; the digest itself is compared.
    static let archive = """
        CREATE TABLE blob (
          id INTEGER PRIMARY KEY,
          key INTEGER NOT NULL,
          digest BLOB NOT NULL,
          size INTEGER NOT NULL,
          data BLOB NOT NULL
        ) STRICT;
        CREATE INDEX blob_by_key ON blob (key);
        """
}
