import Foundation
import Statistics

/// One segment of a version: its reference, and what the judges of its drift remember.
struct WatchedSegment: Sendable, Equatable {
    /// `region=north`.
    let name: String
    /// `region`: constant within the segment, or nearly so, and not judged in it.
    let column: String
    /// Of the reference.
    let rows: Int64
    /// The reference's counts (`PaneSummary.serialized()`); `nil` where its rows are too few.
    let counts: [UInt8]?
    /// By detector and severity, of the rules with fixed limits.
    var states: [String: ThresholdState] = [:]
    var detector: CalibratedDriftDetector?
    /// What calibrated detection cannot judge is counted, so that it can say so as often as it would judge.
    var unjudged = UnjudgedEvents()
    /// Follows from the counts.
    private(set) var profile: ReferenceProfile?

    init(name: String, column: String, rows: Int64, counts: [UInt8]?, profile: ReferenceProfile?) {
        self.name = name
        self.column = column
        self.rows = rows
        self.counts = counts
        self.profile = profile
    }

    /// Fewer reference rows than this say nothing, whatever the minimum sample is.
    static let fewestRows: Int64 = 20

    /// Whether the segment can be judged with so large a minimum sample: its reference is no smaller.
    func hasReference(minimumSample: Int64) -> Bool {
        counts != nil && rows >= max(minimumSample, Self.fewestRows)
    }

    /// Works the segment's profile out after a restore.
    /// - Precondition: the counts are on this reference.
    mutating func compile(on reference: ReferenceProfile) {
        guard profile == nil, let counts else { return }
        do {
            profile = reference.part(try PaneSummary(serialized: counts))
        } catch {
            preconditionFailure("the counts were read when they were restored: \(error)")
        }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.column == right.column && left.rows == right.rows
            && left.counts == right.counts && left.states == right.states && left.detector == right.detector
            && left.unjudged == right.unjudged
    }
}

/// Events of panes that no judge looks at.
struct UnjudgedEvents: Codable, Sendable, Equatable {
    private(set) var startMicroseconds: Int64?
    private(set) var events: Int64 = 0

    /// Counts a pane. Returns the events and their start once there are as many as an interval has.
    mutating func add(
        _ count: Int64, startMicroseconds start: Int64, minimumSample: Int64
    ) -> (startMicroseconds: Int64, events: Int64)? {
        guard count > 0 else { return nil }
        let first = startMicroseconds ?? start
        (startMicroseconds, events) = (first, events &+ count)
        guard events >= minimumSample else { return nil }
        defer { self = UnjudgedEvents() }
        return (first, events)
    }
}

extension WatchedSegment: Codable {
    private enum CodingKeys: String, CodingKey { case name, column, rows, counts, states, detector, unjudged }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        column = try values.decode(String.self, forKey: .column)
        rows = try values.decode(Int64.self, forKey: .rows)
        counts = try values.decodeIfPresent(Data.self, forKey: .counts).map(Array.init)
        states = try values.decode([String: ThresholdState].self, forKey: .states)
        detector = try values.decodeIfPresent(CalibratedDriftDetector.self, forKey: .detector)
        unjudged = try values.decode(UnjudgedEvents.self, forKey: .unjudged)
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(column, forKey: .column)
        try values.encode(rows, forKey: .rows)
        try values.encodeIfPresent(counts.map { Data($0) }, forKey: .counts)
        try values.encode(states, forKey: .states)
        try values.encodeIfPresent(detector, forKey: .detector)
        try values.encode(unjudged, forKey: .unjudged)
    }
}
