import Statistics

/// What one replica tells the others of a partition, in the order in which it happened: panes that have closed, then how
/// far the partition has come.
public enum PaneRecord: Sendable, Equatable {
    case drift(ClosedDriftPane)
    case performance(ClosedPerformancePane)
    case labels(ClosedLabelPane)
    case gap(StreamGap)
    case progress(partition: Int32, PartitionProgress)

    private enum Kind: UInt8 {
        case drift = 0
        case performance, labels, progress, gap
    }

    /// The model that it concerns; `nil` where that is all of them.
    public var model: String? {
        switch self {
        case .drift(let pane): pane.key.model
        case .performance(let pane): pane.key.model
        case .labels(let pane): pane.key.model
        case .gap, .progress: nil
        }
    }

    /// The source partition.
    public var partition: Int32 {
        switch self {
        case .drift(let pane): pane.partition
        case .performance(let pane): pane.partition
        case .labels(let pane): pane.partition
        case .gap(let gap): gap.partition
        case .progress(let partition, _): partition
        }
    }

    /// What the record is of, as a JSON list: a later record with the same key takes its place.
    public var key: [String] {
        switch self {
        case .drift(let pane):
            let reference: String =
                if case .summary(let summary) = pane.content { summary.reference } else { "" }
            return ["drift", "\(pane.partition)", "\(pane.pane)", pane.key.model, pane.key.version, reference]
        case .performance(let pane):
            return ["performance", "\(pane.partition)", "\(pane.pane)", pane.key.model, pane.key.version]
        case .labels(let pane):
            return ["labels", "\(pane.partition)", "\(pane.pane)", pane.key.model, pane.key.version]
        case .gap(let gap):
            return ["gap", "\(gap.partition)", "\(gap.role.rawValue)", "\(gap.fromMicroseconds)"]
        case .progress(let partition, _): return ["progress", "\(partition)"]
        }
    }

    /// Little-endian; see `docs/replicas.md`.
    public func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        switch self {
        case .drift(let pane):
            writer.write(Kind.drift.rawValue)
            pane.write(to: &writer)
        case .performance(let pane):
            writer.write(Kind.performance.rawValue)
            pane.write(to: &writer)
        case .labels(let pane):
            writer.write(Kind.labels.rawValue)
            writer.write(pane.key, pane: pane.pane, partition: pane.partition)
            writer.write(bytes: pane.labelled.serialized())
        case .gap(let gap):
            writer.write(Kind.gap.rawValue)
            writer.write(gap.partition)
            writer.write(UInt8(gap.role.rawValue))
            writer.write(gap.fromMicroseconds)
            writer.write(gap.toMicroseconds)
            writer.write(gap.keptShare.bitPattern)
        case .progress(let partition, let progress):
            writer.write(Kind.progress.rawValue)
            writer.write(partition)
            progress.write(to: &writer)
        }
        return writer.bytes
    }

    /// - Throws: what is wrong with the bytes.
    public init(serialized bytes: [UInt8]) throws {
        var reader = BinaryReader(bytes)
        let number: UInt8 = try reader.read()
        switch Kind(rawValue: number) {
        case .drift: self = .drift(try ClosedDriftPane(from: &reader))
        case .performance: self = .performance(try ClosedPerformancePane(from: &reader))
        case .labels:
            let place = try reader.readPlace()
            self = .labels(
                ClosedLabelPane(
                    key: place.key, pane: place.pane, partition: place.partition,
                    labelled: try LabelledPredictions(serialized: try reader.readBytes())))
        case .gap:
            let partition: Int32 = try reader.read()
            let role: UInt8 = try reader.read()
            self = .gap(
                StreamGap(
                    partition: partition, role: role == 0 ? .predictions : .outcomes,
                    fromMicroseconds: try reader.read(), toMicroseconds: try reader.read(),
                    keptShare: Double(bitPattern: try reader.read())))
        case .progress: self = .progress(partition: try reader.read(), try PartitionProgress(from: &reader))
        case nil: throw BinaryReader.Damage(at: 0, "a record of the unknown kind \(number)")
        }
    }
}

extension PartitionOutput {
    /// Nothing but how far the partition has come.
    public init(partition: Int32, progress: PartitionProgress) {
        self.partition = partition
        self.progress = progress
    }

    /// Gaps and panes as records, and then the progress.
    public var records: [PaneRecord] {
        gaps.map(PaneRecord.gap) + driftPanes.map(PaneRecord.drift) + performancePanes.map(PaneRecord.performance)
            + labelPanes.map(PaneRecord.labels) + [.progress(partition: partition, progress)]
    }

    /// Takes a record of this partition.
    public mutating func add(_ record: PaneRecord) {
        switch record {
        case .drift(let pane): driftPanes.append(pane)
        case .performance(let pane): performancePanes.append(pane)
        case .labels(let pane): labelPanes.append(pane)
        case .gap(let gap): gaps.append(gap)
        case .progress(_, let progress): self.progress = progress
        }
    }
}

extension PartitionProgress {
    /// Before the first event.
    public static let none = PartitionProgress(
        predictionWatermark: .min, outcomeWatermark: .min, newestMicroseconds: .min)

    package func write(to writer: inout BinaryWriter) {
        writer.write(predictionWatermark)
        writer.write(outcomeWatermark)
        writer.write(newestMicroseconds)
    }

    package init(from reader: inout BinaryReader) throws {
        self.init(
            predictionWatermark: try reader.read(), outcomeWatermark: try reader.read(),
            newestMicroseconds: try reader.read())
    }
}

extension ClosedDriftPane {
    fileprivate func write(to writer: inout BinaryWriter) {
        writer.write(key, pane: pane, partition: partition)
        switch content {
        case .summary(let summary):
            writer.write(UInt8(1))
            writer.write(bytes: summary.serialized())
        case .learning(let events, let rows):
            writer.write(UInt8(0))
            writer.write(events)
            writer.write(UInt32(rows.count))
            for row in rows { row.write(to: &writer) }
        }
        writer.write(duplicates)
        writer.write(segments)
        writer.write(optional: rows?.serialized())
        writer.write(optional: predictions?.serialized())
    }

    fileprivate init(from reader: inout BinaryReader) throws {
        (key, pane, partition) = try reader.readPlace()
        let isCounted: UInt8 = try reader.read()
        if isCounted != 0 {
            content = .summary(try PaneSummary(serialized: try reader.readBytes()))
        } else {
            let events: Int64 = try reader.read()
            content = .learning(events: events, rows: try reader.readArray { try RetainedPrediction(from: &$0) })
        }
        duplicates = try reader.read()
        segments = try reader.readSegments()
        rows = try reader.readOptional().map { try PaneRows(serialized: $0) }
        predictions = try reader.readOptional().map { try PanePredictions(serialized: $0) }
    }
}

extension ClosedPerformancePane {
    fileprivate func write(to writer: inout BinaryWriter) {
        writer.write(key, pane: pane, partition: partition)
        writer.write(bytes: summary.serialized())
        writer.write(segments)
        writer.write(bytes: predictionPanes.serialized())
        writer.write(bytes: outcomes.serialized())
        writer.write(bytes: LabelledRowCodec.encode(rows))
    }

    fileprivate init(from reader: inout BinaryReader) throws {
        (key, pane, partition) = try reader.readPlace()
        summary = try PerformanceSummary(serialized: try reader.readBytes())
        segments = try reader.readSegments()
        predictionPanes = try PaneCounts(serialized: try reader.readBytes())
        outcomes = try OutcomeSample(serialized: try reader.readBytes())
        rows = try LabelledRowCodec.decode(try reader.readBytes())
    }
}

extension BinaryWriter {
    fileprivate mutating func write(_ key: ModelVersionKey, pane: Int64, partition: Int32) {
        write(key.model)
        write(key.version)
        write(pane)
        write(partition)
    }

    fileprivate mutating func write<Summary: MergeableSummary>(_ segments: [SegmentPart<Summary>]) {
        write(UInt32(segments.count))
        for part in segments {
            write(part.segment.column)
            write(part.segment.value)
            write(bytes: part.summary.serialized())
        }
    }

    fileprivate mutating func write(optional bytes: [UInt8]?) {
        write(UInt8(bytes == nil ? 0 : 1))
        if let bytes { write(bytes: bytes) }
    }
}

extension BinaryReader {
    fileprivate mutating func readPlace() throws -> (key: ModelVersionKey, pane: Int64, partition: Int32) {
        let key = ModelVersionKey(model: try readString(), version: try readString())
        return (key, try read(), try read())
    }

    fileprivate mutating func readSegments<Summary: MergeableSummary>() throws -> [SegmentPart<Summary>] {
        try readArray { reader in
            let segment = SegmentKey(column: try reader.readString(), value: try reader.readString())
            return SegmentPart(segment: segment, summary: try Summary(serialized: try reader.readBytes()))
        }
    }

    fileprivate mutating func readOptional() throws -> [UInt8]? {
        let isThere: UInt8 = try read()
        return isThere == 0 ? nil : try readBytes()
    }
}
