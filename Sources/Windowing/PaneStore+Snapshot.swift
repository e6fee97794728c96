import Statistics

extension PaneStore {
    package func write(to writer: inout BinaryWriter) {
        writer.write(UInt32(entries.count))
        for (pane, entry) in entries.sorted(by: { $0.key < $1.key }) {
            writer.write(pane)
            writer.write(UInt32(entry.partitions.count))
            for partition in entry.partitions.sorted() { writer.write(partition) }
            writer.write(bytes: entry.summary.serialized())
        }
    }

    package init(from reader: inout BinaryReader) throws {
        self.init()
        for _ in 0..<(try reader.read() as UInt32) {
            let pane: Int64 = try reader.read()
            let partitions: [Int32] = try reader.readArray { try $0.read() }
            let entry = Entry(summary: try Summary(serialized: try reader.readBytes()), partitions: Set(partitions))
            guard entries[pane] == nil else { throw BinaryReader.Damage(at: 0, "pane \(pane) occurs twice") }
            insert(entry, at: pane)
        }
    }
}

extension ReferenceLearner {
    package func write(to writer: inout BinaryWriter) {
        let parts = panes.flatMap { pane, parts in parts.map { (pane: pane, partition: $0.key, part: $0.value) } }
        writer.write(UInt32(parts.count))
        for (pane, partition, part) in parts.sorted(by: { ($0.pane, $0.partition) < ($1.pane, $1.partition) }) {
            writer.write(pane)
            writer.write(partition)
            writer.write(part.events)
            writer.write(part.duplicates)
            writer.write(UInt32(part.rows.count))
            for row in part.rows { row.write(to: &writer) }
        }
    }

    /// - Parameter countsDuplicates: whether the parts have them; those of the first format have not.
    package init(from reader: inout BinaryReader, wanted: Int, countsDuplicates: Bool = true) throws {
        self.init(wantedEvents: wanted)
        for _ in 0..<(try reader.read() as UInt32) {
            let pane: Int64 = try reader.read()
            let partition: Int32 = try reader.read()
            let events: Int64 = try reader.read()
            let duplicates: Int64 = countsDuplicates ? try reader.read() : 0
            add(
                pane, partition: partition, events: events, duplicates: duplicates,
                rows: try reader.readArray { try RetainedPrediction(from: &$0) })
        }
    }
}
