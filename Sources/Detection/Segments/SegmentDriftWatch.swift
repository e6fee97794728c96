public import Statistics
public import Windowing

/// The segments of one version's reference, each with its own rows' counts and with what the judges of its drift
/// remember. Part of a `ModelMonitor`; made once, when the reference's rows are at hand.
///
/// Segments with fewer rows in the reference than the minimum sample are known by name and number of rows only, so the
/// others are at most (segment columns · rows/minimum sample). One of those costs, for each column of the reference, its
/// counts (about a byte a cell), the compiled evidence model (about 35 kB for a continuous column) and about 2 kB in a
/// checkpoint.
public struct SegmentDriftWatch: Sendable, Equatable {
    /// The id of the reference whose segments these are.
    public let reference: String
    /// `SegmentSettings.maximumValues`, which decides what belongs to `other`.
    let maximumValues: Int
    /// The names of the reference's columns.
    let columns: [String]
    /// In the order of their columns and of the reference's values.
    var segments: [WatchedSegment]

    /// - Parameters:
    ///   - reference: the whole.
    ///   - parts: looked at one after the other, so that a lazy sequence keeps one segment's rows at a time.
    public init(
        of reference: ReferenceProfile, settings: SegmentSettings, rules: MonitorRules,
        parts: some Sequence<SegmentReference>
    ) {
        self.reference = reference.id
        maximumValues = settings.maximumValues
        columns = reference.allColumns.map(\.name)
        segments = []
        for part in parts {
            let profile = part.rows >= rules.minimumSegmentSample ? part.summary.map(reference.part) : nil
            var segment = WatchedSegment(
                name: part.segment.description, column: part.segment.column, rows: part.rows,
                counts: profile == nil ? nil : part.summary?.serialized(), profile: profile)
            if let profile, let settings = self.settings(of: segment, rules: rules) {
                segment.detector = CalibratedDriftDetector(
                    model: "", version: "", settings: settings, reference: profile, chunks: part.chunks)
            }
            segments.append(segment)
        }
    }

    /// Segments that are judged under these rules: those with reference rows enough. They share the budget.
    func judgedCount(_ rules: MonitorRules) -> Int {
        segments.count { $0.hasReference(minimumSample: rules.minimumSegmentSample) }
    }

    /// What calibrated detection is asked for in a segment: as in the whole, without the segment's own column; `nil`
    /// where it is asked for nothing.
    func settings(of segment: WatchedSegment, rules: MonitorRules) -> DriftDetectorSettings? {
        guard var settings = rules.calibrated, settings.calibration != .threshold else { return nil }
        let asked = settings
        settings.columns = columns.filter { $0 != segment.column && asked.watches(named: $0) }
        // What the version says of a segment is not known where its reference's rows were scored by another one.
        settings.elsewhere = (settings.elsewhere ?? []) + ModelColumn.predictionNames
        return settings
    }

    /// Begins anew, with no evidence; what was learned from the reference's rows stays.
    mutating func restart(rules: MonitorRules) {
        for index in segments.indices {
            segments[index].states = [:]
            segments[index].unjudged = UnjudgedEvents()
            guard let known = segments[index].detector else { continue }
            let settings = settings(of: segments[index], rules: rules)
            segments[index].detector = settings.flatMap { known.accepts($0) ? known.restarted(with: $0) : nil }
        }
    }

    /// Keeps the states that a rule still speaks about, and evidence that was measured as it would be now.
    mutating func adopt(_ rules: MonitorRules) {
        for index in segments.indices {
            // Their keys end with "@" and the segment, which rules know nothing of.
            let ending = segments[index].name.utf8.count + 1
            segments[index].states = segments[index].states.filter {
                rules.isKnownDrift(String(decoding: $0.key.utf8.dropLast(ending), as: UTF8.self))
            }
            let settings = settings(of: segments[index], rules: rules)
            guard let settings, segments[index].detector?.accepts(settings) ?? false else {
                segments[index].detector = settings.flatMap { segments[index].detector?.remeasured(with: $0) }
                continue
            }
            segments[index].detector?.adopt(settings)
        }
    }

    /// Panes are of another length from now on (`ModelMonitor.forgetPanes`).
    mutating func forgetPanes() {
        for index in segments.indices {
            segments[index].unjudged = UnjudgedEvents()
            segments[index].detector = segments[index].detector.flatMap { $0.remeasured(with: $0.settings) }
        }
    }

    /// These segments with what another watch of the same reference remembers of those that have not changed.
    func keepingState(of other: SegmentDriftWatch) -> SegmentDriftWatch {
        guard other.reference == reference else { return self }
        let known = Dictionary(other.segments.map { ($0.name, $0) }) { first, _ in first }
        var merged = self
        for (index, segment) in segments.enumerated() {
            guard var kept = known[segment.name], kept.counts == segment.counts, kept.rows == segment.rows else {
                continue
            }
            if let fresh = segment.detector, kept.detector?.relearn(as: fresh) == nil { kept.detector = fresh }
            merged.segments[index] = kept
        }
        return merged
    }

    /// Without the segments that these settings do not make of the reference; `nil` where none is left.
    func keeping(_ settings: SegmentSettings) -> SegmentDriftWatch? {
        guard settings.countsDrift, settings.maximumValues == maximumValues else { return nil }
        var kept = self
        kept.segments.removeAll { !settings.columns.contains($0.column) }
        return kept.segments.isEmpty ? nil : kept
    }
}

extension MonitorRules {
    /// Fewer rows than this of a segment, in the reference or in a window, are not judged.
    public var minimumSegmentSample: Int64 { max(minimumDriftSample, WatchedSegment.fewestRows) }
}

extension SegmentDriftWatch: Codable {
    private enum CodingKeys: String, CodingKey { case reference, maximumValues, columns, segments }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        reference = try values.decode(String.self, forKey: .reference)
        maximumValues = try values.decode(Int.self, forKey: .maximumValues)
        columns = try values.decode([String].self, forKey: .columns)
        segments = try values.decode([WatchedSegment].self, forKey: .segments)
        for segment in segments {
            guard let counts = segment.counts else { continue }
            let summary = try PaneSummary(serialized: counts)
            guard summary.reference == reference, summary.columns.count == columns.count else {
                throw DecodingError.dataCorruptedError(
                    forKey: .segments, in: values,
                    debugDescription: "the counts of segment \(segment.name) are on another reference")
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(reference, forKey: .reference)
        try values.encode(maximumValues, forKey: .maximumValues)
        try values.encode(columns, forKey: .columns)
        try values.encode(segments, forKey: .segments)
    }
}
