import Events
import Statistics

extension ModelStream {
    /// The state as it is now. What may be large is written later, by whoever has the time.
    ///
    /// - Parameter isStored: whether the frozen state before came into a checkpoint.
    func frozen(isStored: Bool) -> FrozenModel {
        var head = BinaryWriter()
        head.write(settings.geometry.slideMicroseconds)
        head.write(settings.geometry.originMicroseconds)
        head.write(driftClosedBefore)
        head.write(performanceClosedBefore)
        head.write(labels.labels)
        head.write(waiting.thinning)
        head.write(waiting.thinned)
        var tail = BinaryWriter()
        tail.write(UInt32(versions.count))
        for version in versions.values.sorted(by: { $0.number < $1.number }) {
            version.write(task: settings.task, to: &tail)
        }
        return FrozenModel(
            name: settings.name, head: head.bytes, waiting: waiting.frozen(isStored: isStored),
            classScores: classScores,
            tail: tail.bytes)
    }

    /// - Parameter format: the version of the snapshot's format.
    func restore(from bytes: [UInt8], version format: UInt8, catalog: ReferenceCatalog) throws {
        var reader = BinaryReader(bytes)
        let slide: Int64 = try reader.read()
        let origin: Int64 = try reader.read()
        guard slide == settings.geometry.slideMicroseconds, origin == settings.geometry.originMicroseconds else {
            throw BinaryReader.Damage(
                at: 0, "model \(settings.name) was checkpointed with other panes; its slide or origin has been changed")
        }
        driftClosedBefore = try reader.read()
        performanceClosedBefore = try reader.read()
        let written = try reader.readStrings()
        // The first numbers are those of the configured labels, the positive one or the classes: all that there are yet.
        guard written.starts(with: labels.labels) else {
            throw BinaryReader.Damage(
                at: 0,
                "model \(settings.name) was checkpointed with other labels; its positive label, or its classes, "
                    + "have been changed")
        }
        labels = LabelDictionary(configured: written)
        let thinning: UInt8 = try reader.read()
        let thinned: Int64 = try reader.read()
        if format < 7 {
            let entries = try reader.readArray { try WaitingEntry(from: &$0, version: format) }
            waiting.restore(entries: entries, thinning: thinning, thinned: thinned)
        } else {
            waiting.finishRestoring(thinning: thinning, thinned: thinned)
        }
        let scored = try reader.readArray { reader in
            let key = WaitingKey(identifier: try reader.readIdentifier(), version: try reader.read())
            return (key, try reader.readArray { Float(bitPattern: try $0.read()) })
        }
        classScores = Dictionary(scored) { first, _ in first }
        let count: UInt32 = try reader.read()
        for _ in 0..<count {
            let number: UInt16 = try reader.read()
            let key = ModelVersionKey(model: settings.name, version: try reader.readString())
            let stream = begin(key, number: number, catalog: catalog)
            let keepsSegments = try stream.restore(from: &reader, version: format, settings: settings)
            if !keepsSegments { waiting.forgetSegments(of: number) }
        }
    }
}

/// A model's part of a partition's state.
struct FrozenModel: Sendable {
    var name: String
    var head: [UInt8]
    var waiting: WaitingTable
    var classScores: [WaitingKey: [Float]]
    var tail: [UInt8]

    /// - Parameter inOnePiece: with the join table, which is not in segments then.
    func write(to writer: inout BinaryWriter, inOnePiece: Bool) {
        writer.write(name)
        writer.write(bytesBy: { body in
            body.write(raw: head)
            if inOnePiece {
                body.write(UInt32(waiting.count))
                waiting.forEachEntry { $0.write(to: &body) }
            }
            body.write(UInt32(classScores.count))
            for (key, scores) in classScores.sorted(by: { $0.key < $1.key }) {
                body.write(key.identifier)
                body.write(key.version)
                body.write(UInt32(scores.count))
                for score in scores { body.write(score.bitPattern) }
            }
            body.write(raw: tail)
        })
    }
}

extension WaitingKey: Comparable {
    static func < (left: WaitingKey, right: WaitingKey) -> Bool {
        (left.identifier, left.version) < (right.identifier, right.version)
    }
}

extension WaitingEntry {
    func write(to writer: inout BinaryWriter) {
        writer.write(identifierHigh)
        writer.write(identifierLow)
        writer.write(predictionMicroseconds)
        writer.write(outcomeMicroseconds)
        writer.write(score.bitPattern)
        writer.write(outcomeValue.bitPattern)
        writer.write(predictedLabel)
        writer.write(outcomeLabel)
        writer.write(version)
        writer.write(segments.packed)
    }

    init(from reader: inout BinaryReader, version format: UInt8) throws {
        self.init(try reader.readIdentifier())
        predictionMicroseconds = try reader.read()
        outcomeMicroseconds = try reader.read()
        score = Double(bitPattern: try reader.read())
        outcomeValue = Double(bitPattern: try reader.read())
        predictedLabel = try reader.read()
        outcomeLabel = try reader.read()
        version = try reader.read()
        if format >= 2 { segments.packed = try reader.read() }
    }
}

extension BinaryWriter {
    mutating func write(_ identifier: EventIdentifier) {
        write(identifier.high)
        write(identifier.low)
    }
}

extension BinaryReader {
    mutating func readIdentifier() throws -> EventIdentifier {
        EventIdentifier(high: try read(), low: try read())
    }
}
