public import Events
import Foundation
import GRDB
import Storage

/// The topics that the registry publishes to.
public struct PublicationTopics: Sendable, Equatable {
    /// CloudEvents of what happens.
    public var events: String
    /// Compacted, keyed by model: the champion in force.
    public var models: String

    public init(events: String, models: String) {
        self.events = events
        self.models = models
    }
}

extension ModelRegistry {
    /// Publishes what the ledger holds beyond the published mark, in order, and moves the mark after each entry that
    /// the sink has taken. After a failure or a crash the entry is published again, under the same id.
    ///
    /// - Returns: how many entries were published.
    @discardableResult
    public func publishPending(to sink: some RecordSink, topics: PublicationTopics) throws -> Int {
        let pending = try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM ledger WHERE sequence > (SELECT sequence FROM publication) ORDER BY sequence LIMIT 1000
                    """
            ).map(Self.entry)
        }
        for entry in pending {
            if entry.event == .promoted || entry.event == .rolledBack {
                try sink.publish(try modelsRecord(entry, topic: topics.models))
            }
            try sink.publish(try event(entry).record(topic: topics.events, key: entry.model))
            try database.write {
                try $0.execute(
                    sql: "UPDATE publication SET sequence = max(sequence, ?)", arguments: [entry.sequence])
            }
        }
        return pending.count
    }

    /// The newest published sequence of the ledger.
    public func publishedSequence() throws -> Int64 {
        try database.read { try Int64.fetchOne($0, sql: "SELECT sequence FROM publication") ?? 0 }
    }

    private func event(_ entry: LedgerEntry) throws -> CloudEvent {
        // EVENTS.md has no type of its own for a rejected version: it is archived from the start.
        let type = entry.event == .rejected ? "archived" : entry.event.rawValue
        let record = try version(entry.version, of: entry.model)
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("model", entry.model)
        writer.field("version", entry.version)
        writer.field("previous", entry.previous)
        writer.field("reason", entry.reason)
        writer.field("trigger", record.lineage.trigger)
        writer.key("metrics")
        writer.beginObject()
        for metric in record.lineage.metrics.sorted(by: { $0.key < $1.key }) { writer.field(metric.key, metric.value) }
        writer.endObject()
        writer.endObject()
        return CloudEvent(
            id: "ledger-\(entry.model)-\(entry.sequence)", source: "/tidewatch/registry",
            type: "tidewatch.version.\(type)", subject: entry.model, timeMicroseconds: entry.atMicroseconds,
            data: writer.bytes)
    }

    /// The champion as of this entry, so that a reader who sees the entries one by one sees what was in force.
    private func modelsRecord(_ entry: LedgerEntry, topic: String) throws -> PublishedRecord {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("model", entry.model)
        writer.key("champion")
        write(try version(entry.version, of: entry.model), to: &writer)
        writer.key("predecessor")
        if let previous = entry.previous {
            write(try version(previous, of: entry.model), to: &writer)
        } else {
            writer.null()
        }
        writer.field("since", EventTime.format(entry.atMicroseconds))
        writer.key("sequence")
        writer.integer(entry.sequence)
        writer.endObject()
        return PublishedRecord(
            topic: topic, key: entry.model, value: writer.bytes,
            headers: [(name: "content-type", value: "application/json")])
    }

    private func write(_ record: VersionRecord, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("version", record.version)
        let path = record.artifactDigest.map { URL(fileURLWithPath: blobs.path(of: $0)).path }
        writer.field("artifact", path)
        writer.field("sha256", record.artifactDigest)
        writer.field("format", "tidewatch-boosted-trees")
        writer.endObject()
    }
}
