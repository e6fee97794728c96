import Events
import Statistics

/// The state of a partition at one moment, to be written by another thread than the one that goes on with it.
public struct FrozenPartition: Sendable {
    let head: [UInt8]
    let models: [FrozenModel]

    /// As `PartitionPipeline.restore(from:)` reads it.
    public func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        writer.write(raw: head)
        for model in models { model.write(to: &writer) }
        return writer.bytes
    }
}

/// The snapshot format, version 6 (little-endian; see `docs/checkpoints.md`):
/// version, next offsets, counters, watermarks, idle flags, then each model by name with its labels, join table,
/// class scores and versions with their open panes. Version 1 had no segments and no duplicates by pane,
/// version 2 no sampled rows, version 3 no label counts and no predictions for estimates, version 4 no actual numbers,
/// version 5 one counter less.
extension PartitionPipeline {
    private static let formatVersion: UInt8 = 6

    /// The whole state, including the offsets to go on from, in bytes.
    public func snapshot() -> [UInt8] { frozen().serialized() }

    /// The whole state as it is now, at little cost: joined and waiting halves are neither copied nor written yet.
    public func frozen() -> FrozenPartition {
        var writer = BinaryWriter()
        writer.write(Self.formatVersion)
        for offset in nextOffsets { writer.write(offset ?? -1) }
        write(counters, to: &writer)
        writer.write(predictionWatermark.newestMicroseconds)
        writer.write(outcomeWatermark.newestMicroseconds)
        for flag in isIdle { writer.write(UInt8(flag ? 1 : 0)) }
        writer.write(UInt32(models.count))
        return FrozenPartition(head: writer.bytes, models: models.map { $0.frozen() })
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
    public func restore(from bytes: [UInt8]) throws {
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
        let count: UInt32 = try reader.read()
        for _ in 0..<count {
            let name = try reader.readString()
            let body = try reader.readBytes()
            guard let model = models.first(where: { $0.settings.name == name }) else { continue }
            try model.restore(from: body, version: version, catalog: catalog)
        }
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
