import Alerting
import Detection
import Foundation
import Registry
import Retraining
import Statistics
import Windowing

/// The coordinator's part of a checkpoint, format version 6 (see `docs/checkpoints.md`): learned references, alerts, and
/// each model with its policy, its training rows and its versions. Version 1 had no data quality and no segments, version 2 no
/// whole rows, version 3 no partitions, version 4 no gaps, version 5 neither offsets nor the run under way. Small structures are
/// JSON, panes and rows are binary.
extension Coordinator {
    private static let formatVersion: UInt8 = 6

    private struct LearnedReference: Codable {
        var model: String
        var version: String
        var profile: ReferenceProfile
    }

    func snapshot() throws -> [UInt8] {
        var writer = BinaryWriter()
        writer.write(Self.formatVersion)
        let references = learned.sorted { $0.key < $1.key }.map {
            LearnedReference(model: $0.key.model, version: $0.key.version, profile: $0.value)
        }
        try writer.write(json: references)
        try writer.write(json: alertBook)
        writer.write(UInt32(models.count))
        for name in models.keys.sorted() {
            writer.write(name)
            writer.write(bytes: try models[name]?.serialized() ?? [])
        }
        try writer.write(json: Dictionary(uniqueKeysWithValues: reaches.map { (Int($0.key), $0.value) }))
        try writer.write(json: gaps)
        try writer.write(json: Dictionary(uniqueKeysWithValues: marks.map { (Int($0.key), $0.value) }))
        return writer.bytes
    }

    /// Puts a snapshot's state in the place of this one; models that are no longer configured are left out.
    /// - Returns: what a person should know of that.
    @discardableResult
    func restore(from bytes: [UInt8]) throws -> [String] {
        var reader = BinaryReader(bytes)
        let version: UInt8 = try reader.read()
        guard (1...Self.formatVersion).contains(version) else {
            throw BinaryReader.Damage(at: 0, "coordinator format \(version)")
        }
        for reference in try reader.readJSON([LearnedReference].self) {
            let key = ModelVersionKey(model: reference.model, version: reference.version)
            // A reference file that was configured since goes before what was learned without it.
            guard let model = models[reference.model], !model.configuration.reference.isFile else { continue }
            learned[key] = reference.profile
            catalog.set(ReferenceEncoder(reference.profile), for: key)
        }
        alertBook = try reader.readJSON(AlertBook.self)
        for _ in 0..<(try reader.read() as UInt32) {
            let name = try reader.readString()
            let body = try reader.readBytes()
            try models[name]?.restore(from: body, version: version, catalog: catalog)
        }
        if version >= 4 {
            for (partition, reach) in try reader.readJSON([Int: PartitionReach].self) {
                reaches[Int32(truncatingIfNeeded: partition)] = reach
            }
        }
        if version >= 5 { gaps = try reader.readJSON([StreamGap].self) }
        if version >= 6 {
            for (partition, known) in try reader.readJSON([Int: OffsetMarks].self) {
                marks[Int32(truncatingIfNeeded: partition)] = known
            }
        }
        restoreSegments()
        return relearnReferences()
    }
}

extension WatchedModel {
    /// A run under way, without its rows.
    private struct RunningTraining: Codable {
        var trigger: RetrainingTrigger
        var champion: String?
        var atMicroseconds: Int64
        var stretches: [LogStretch]

        init(_ request: TrainingRequest) {
            (trigger, champion) = (request.trigger, request.champion)
            (atMicroseconds, stretches) = (request.atMicroseconds, request.stretches)
        }
    }

    /// What JSON holds of a model.
    private struct Header: Codable {
        var champion: String?
        /// The newest command that was taken; absent in checkpoints from before commands had a place in the stream.
        var command: Int64?
        var planner: RetrainingPlanner
        var running: RunningTraining?
        var shadow: ShadowComparison?
        var latestDrift: [Verdict]
        /// Absent in checkpoints from before calibrated detection.
        var latestIntervals: [Verdict]?
        var latestMetrics: [String: Double]
        /// What is known of drift ahead of pairs, and the boundaries that have been decided on, microseconds, `Int64.min`
        /// before the first; absent in checkpoints from before decisions were made boundary by boundary.
        var driftedShares: DriftedShares?
        var decidedDrift: Int64?
        var decidedPairs: Int64?
        /// What the numbers of panes stand for; absent in older checkpoints.
        var slide: Int64?
        var origin: Int64?
        /// Absent in checkpoints from before attribution, and where the champion does not tell.
        var importance: [String: Double]?
        /// By version.
        var firstWindows: [String: FirstWindow]?
        var moved: [String: MovedColumns]?
        /// By version; absent in checkpoints from before outcomes were watched for drift.
        var outcomes: [String: OutcomeMonitor]?
        /// By version; absent in checkpoints from before decisions were made boundary by boundary.
        var heard: [String: HeardPanes]?
        /// By version; likewise.
        var learnedThrough: [String: Int64]?
        /// By version; absent in older checkpoints, and of versions without such panes.
        var sampled: [String: SampledPanes]?
        /// By version: how far labels have come, and what is estimated; absent in checkpoints from before that.
        var labels: [String: Data]?
    }

    fileprivate func serialized() throws -> [UInt8] {
        var writer = BinaryWriter()
        try writer.write(
            json: Header(
                champion: champion, command: appliedCommand, planner: planner,
                running: running.map(RunningTraining.init), shadow: shadow, latestDrift: latestDrift,
                latestIntervals: latestIntervals,
                latestMetrics: Dictionary(uniqueKeysWithValues: latestMetrics.map { ($0.key.rawValue, $0.value) }),
                driftedShares: driftedShares, decidedDrift: decidedMicroseconds(decided.drift),
                decidedPairs: decidedMicroseconds(decided.pairs), slide: settings.geometry.slideMicroseconds,
                origin: settings.geometry.originMicroseconds,
                importance: importance, firstWindows: versions.mapValues(\.firstWindow), moved: moved,
                outcomes: versions.compactMapValues(\.outcomes), heard: versions.mapValues(\.heard),
                learnedThrough: versions.compactMapValues(\.learnedThrough),
                sampled: versions.mapValues(\.sampled).filter { !$0.value.isEmpty },
                labels: try versions.mapValues { try $0.labels.serialized() }))
        writer.write(bytes: LabelledRowCodec.encode(buffer.rows + arriving))
        writer.write(bytes: LabelledRowCodec.encode(running?.rows ?? []))
        writer.write(UInt32(versions.count))
        for version in versions.values.sorted(by: { $0.key < $1.key }) {
            writer.write(version.key.version)
            try writer.write(json: version.monitor)
            version.drift.write(to: &writer)
            version.performance.write(to: &writer)
            try writer.write(json: version.quality)
            version.driftSegments.write(to: &writer)
            version.performanceSegments.write(to: &writer)
            writer.write(UInt8(version.learner == nil ? 0 : 1))
            version.learner?.write(to: &writer)
            try writer.write(json: version.rows.detector)
            version.rows.samples.write(to: &writer)
        }
        return writer.bytes
    }

    private func decidedMicroseconds(_ boundary: Int64) -> Int64 {
        boundary == .min ? .min : settings.geometry.start(of: boundary)
    }

    fileprivate mutating func restore(
        from bytes: [UInt8], version format: UInt8, catalog: ReferenceCatalog
    ) throws {
        var reader = BinaryReader(bytes)
        let header = try reader.readJSON(Header.self)
        champion = header.champion
        appliedCommand = header.command ?? 0
        planner.restore(from: header.planner)
        shadow = header.shadow
        latestDrift = header.latestDrift
        latestIntervals = header.latestIntervals ?? []
        importance = header.importance
        moved = header.moved ?? [:]
        for (name, value) in header.latestMetrics {
            if let metric = PerformanceMetric(rawValue: name) { latestMetrics[metric] = value }
        }
        driftedShares = header.driftedShares ?? DriftedShares()
        decided.drift = settings.geometry.closedBefore(watermark: header.decidedDrift ?? .min)
        decided.pairs = settings.geometry.closedBefore(watermark: header.decidedPairs ?? .min)
        let rows = try LabelledRowCodec.decode(try reader.readBytes())
        if format >= 6 {
            let rows = try LabelledRowCodec.decode(try reader.readBytes())
            if let saved = header.running, !rows.isEmpty {
                planner.resume()
                running = TrainingRequest(
                    model: settings.name, trigger: saved.trigger, rows: rows, champion: saved.champion,
                    atMicroseconds: saved.atMicroseconds, stretches: saved.stretches)
            }
        }
        let known = header.decidedPairs ?? .max
        buffer.append(rows.filter { $0.joinedMicroseconds < known })
        arriving = rows.filter { $0.joinedMicroseconds >= known }
        let panesAreTheSame =
            header.slide ?? settings.geometry.slideMicroseconds == settings.geometry.slideMicroseconds
            && header.origin ?? settings.geometry.originMicroseconds == settings.geometry.originMicroseconds
        for _ in 0..<(try reader.read() as UInt32) {
            let key = ModelVersionKey(model: settings.name, version: try reader.readString())
            var version = WatchedVersion(
                key: key, learner: nil, encoder: catalog.encoder(for: key),
                monitor: try reader.readJSON(ModelMonitor.self), quality: qualityMonitor(of: key),
                outcomes: outcomeMonitor(of: key),
                labels: LabelTracker(settings: configuration.estimatorSettings))
            if panesAreTheSame, let saved = header.labels?[key.version] { try version.labels.restore(from: saved) }
            version.restoreOutcomes(header.outcomes?[key.version], rules: rules, panesAreTheSame: panesAreTheSame)
            version.monitor.adopt(rules)
            version.firstWindow = header.firstWindows?[key.version] ?? FirstWindow()
            version.drift = try PaneStore(from: &reader)
            version.performance = try PaneStore(from: &reader)
            if format >= 2 {
                let rules = version.quality
                version.quality = try reader.readJSON(QualityMonitor.self)
                version.quality.adopt(rules.rules, ignoring: rules.ignored)
                version.driftSegments = try SegmentStore(from: &reader)
                version.performanceSegments = try SegmentStore(from: &reader)
            }
            let isLearning: UInt8 = try reader.read()
            if isLearning != 0 {
                version.learner = try ReferenceLearner(
                    from: &reader, wanted: settings.learnedRows, countsDuplicates: format >= 2)
            }
            version.rows = watchedRows(of: key)
            if format >= 3 {
                version.rows.restore(
                    try reader.readJSON(MultivariateDetector?.self), samples: try PaneStore(from: &reader))
            }
            version.heard =
                header.heard?[key.version]
                ?? HeardPanes([version.drift.newestPane, version.learner?.lastPane(before: .max)].compactMap(\.self))
            version.learnedThrough = header.learnedThrough?[key.version]
            if panesAreTheSame { version.sampled = header.sampled?[key.version] ?? SampledPanes() }
            version.keepWhatFits(settings, panesAreTheSame: panesAreTheSame)
            versions[key.version] = version
        }
    }
}

extension BinaryWriter {
    fileprivate mutating func write(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        write(bytes: Array(try encoder.encode(value)))
    }
}

extension BinaryReader {
    fileprivate mutating func readJSON<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(try readBytes()))
    }
}
