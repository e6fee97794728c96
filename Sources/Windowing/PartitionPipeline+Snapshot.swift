import Events
import Statistics

/// The state of a partition at one moment, to be written by another thread than the one that goes on with it.
public struct FrozenPartition: Sendable {
    let head: [UInt8]
    let models: [FrozenModel]
    /// The number of this frozen state, and of the one since which the tables know their changes.
    let moment: Int
    let since: Int
    let log: SnapshotLog

    /// Writes to segments what of the join tables is in none yet, and the rest to bytes, as
    /// `PartitionPipeline.restore(from:store:)` reads them. Writes everything where the store is another than before.
    public func write(into store: any SnapshotStore) throws -> WrittenState {
        var segments = SnapshotWriter(
            models: models, moment: moment, since: since, committed: log.committed, store: store)
        let contents = try segments.write()
        log.note(contents)
        var writer = BinaryWriter()
        writer.write(PartitionPipeline.formatVersion)
        writer.write(raw: head)
        writer.write(UInt32(models.count))
        for model in models {
            writer.write(model.name)
            writer.write(UInt32(model.waiting.slotCount))
        }
        writer.write(UInt32(contents.segments.count))
        for segment in contents.segments { writer.write(bytes: segment.name) }
        write(models: models, to: &writer, inOnePiece: false)
        return WrittenState(bytes: writer.bytes, segments: contents.segments.map(\.name))
    }

    /// What ``write(into:)`` has written last is in a checkpoint: the next one may build on it.
    public func commit() { log.commit(moment) }

    /// Segments are gone from the store: the next checkpoint must not build on them.
    public func forgetStored() { log.forget() }

    /// The whole state in one piece, without segments, as format version 6 has it.
    public func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        writer.write(PartitionPipeline.versionInOnePiece)
        writer.write(raw: head)
        write(models: models, to: &writer, inOnePiece: true)
        return writer.bytes
    }

    private func write(models: [FrozenModel], to writer: inout BinaryWriter, inOnePiece: Bool) {
        writer.write(UInt32(models.count))
        for model in models { model.write(to: &writer, inOnePiece: inOnePiece) }
    }
}

/// The snapshot format, version 7 (little-endian; see `docs/checkpoints.md`):
/// version, next offsets, counters, watermarks, idle flags, the segments of the join tables, then each model by name with
/// its labels, class scores and versions with their open panes. Version 1 had no segments of events and no duplicates by
/// pane, version 2 no sampled rows, version 3 no label counts and no predictions for estimates, version 4 no actual
/// numbers, version 5 one counter less, version 6 the join tables within the models.
extension PartitionPipeline {
    static let formatVersion: UInt8 = 7
    static let versionInOnePiece: UInt8 = 6

    /// The whole state, including the offsets to go on from, in one piece.
    public func snapshot() -> [UInt8] { frozen().serialized() }

    /// The whole state as it is now, at little cost: joined and waiting halves are neither copied nor written yet.
    public func frozen() -> FrozenPartition {
        let isStored = snapshotLog.committed?.moment == frozenMoment
        if isStored { storedMoment = frozenMoment }
        frozenMoment += 1
        var writer = BinaryWriter()
        for offset in nextOffsets { writer.write(offset ?? -1) }
        write(counters, to: &writer)
        writer.write(predictionWatermark.newestMicroseconds)
        writer.write(outcomeWatermark.newestMicroseconds)
        for flag in isIdle { writer.write(UInt8(flag ? 1 : 0)) }
        return FrozenPartition(
            head: writer.bytes, models: models.map { $0.frozen(isStored: isStored) }, moment: frozenMoment,
            since: storedMoment, log: snapshotLog)
    }

    /// The offsets inside a snapshot, by role; `nil` where the stream had no record yet.
    public static func nextOffsets(inSnapshot bytes: [UInt8]) throws -> [Int64?] {
        var reader = BinaryReader(bytes)
        _ = try readVersion(&reader)
        return try StreamRole.allCases.map { _ in
            let offset: Int64 = try reader.read()
            return offset < 0 ? nil : offset
        }
    }

    /// Puts a snapshot's state in the place of this one. A model that is no longer configured is left out, one whose
    /// window, task or slide has changed would not fit and is begun anew by the caller's choice of another checkpoint.
    ///
    /// - Parameter store: holds the segments that the snapshot names; the next checkpoint in it adds to them.
    public func restore(from bytes: [UInt8], store: (any SnapshotStore)? = nil) throws {
        var reader = BinaryReader(bytes)
        let version = try Self.readVersion(&reader)
        nextOffsets = try StreamRole.allCases.map { _ in
            let offset: Int64 = try reader.read()
            return offset < 0 ? nil : offset
        }
        counters = try readCounters(&reader, version: version)
        let lateness = predictionWatermark.allowedLatenessMicroseconds
        predictionWatermark = Watermark(allowedLatenessMicroseconds: lateness, newestMicroseconds: try reader.read())
        outcomeWatermark = Watermark(allowedLatenessMicroseconds: lateness, newestMicroseconds: try reader.read())
        isIdle = try StreamRole.allCases.map { _ in
            let flag: UInt8 = try reader.read()
            return flag != 0
        }
        let stored = version < 7 ? nil : try restoreTables(from: &reader, version: version, store: store)
        snapshotLog = SnapshotLog(stored)
        (frozenMoment, storedMoment) = (0, 0)
        let count: UInt32 = try reader.read()
        for _ in 0..<count {
            let name = try reader.readString()
            let body = try reader.readBytes()
            guard let model = models.first(where: { $0.settings.name == name }) else { continue }
            try model.restore(from: body, version: version, catalog: catalog)
        }
    }

    /// Puts the join tables back that segments hold; returns what the segments hold.
    private func restoreTables(
        from reader: inout BinaryReader, version: UInt8, store: (any SnapshotStore)?
    ) throws -> SnapshotLog.Contents {
        let tables = try reader.readArray { (name: try $0.readString(), slots: Int(try $0.read() as UInt32)) }
        let names = try reader.readArray { try $0.readBytes() }
        guard let store else { throw BinaryReader.Damage(at: 0, "the snapshot is without its segments") }
        var restored: [String: ModelStream] = [:]
        for table in tables {
            guard let model = models.first(where: { $0.settings.name == table.name }) else { continue }
            model.waiting.beginRestoring(slots: table.slots)
            restored[table.name] = model
        }
        var contents = SnapshotLog.Contents(store: store, moment: 0)
        for name in names {
            let bytes = try store.get(name)
            var segment = BinaryReader(bytes)
            let format: UInt8 = try segment.read()
            guard format == SnapshotWriter.formatVersion else {
                throw BinaryReader.Damage(at: 0, "segment version \(format)")
            }
            var blocks: [SnapshotLog.Block] = []
            while !segment.isAtEnd {
                let model = try segment.readString()
                let piece = try segment.readBytes()
                var header = BinaryReader(piece)
                let cleared = try WaitingTable.slots(clearedByPieceFrom: &header)
                if !cleared.isEmpty {
                    blocks.append(.init(model: model, number: cleared.lowerBound / WaitingTable.blockLength))
                }
                var body = BinaryReader(piece)
                try restored[model]?.waiting.restore(pieceFrom: &body, version: version)
            }
            contents.segments.append(.init(name: name, bytes: bytes.count, blocks: blocks))
        }
        return contents
    }

    private static func readVersion(_ reader: inout BinaryReader) throws -> UInt8 {
        let version: UInt8 = try reader.read()
        guard (1...formatVersion).contains(version) else {
            throw BinaryReader.Damage(at: 0, "snapshot version \(version)")
        }
        return version
    }

    private func write(_ counters: PipelineCounters, to writer: inout BinaryWriter) {
        for field in PipelineCounters.fields { writer.write(counters[keyPath: field.path]) }
        writer.write(UInt32(counters.rejected.count))
        for (reason, count) in counters.rejected.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.write(reason.rawValue)
            writer.write(count)
        }
    }

    private func readCounters(_ reader: inout BinaryReader, version: UInt8) throws -> PipelineCounters {
        var counters = PipelineCounters()
        for field in PipelineCounters.fields.dropLast(version < 6 ? 1 : 0) {
            counters[keyPath: field.path] = try reader.read()
        }
        let count: UInt32 = try reader.read()
        for _ in 0..<count {
            let name = try reader.readString()
            let number: Int64 = try reader.read()
            if let reason = RejectionReason(rawValue: name) { counters.rejected[reason] = number }
        }
        return counters
    }
}
