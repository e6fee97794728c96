import Events
import Statistics

/// One model's share of a partition: its versions, its join table, and how far its panes have closed.
final class ModelStream {
    let settings: ModelSettings
    let nameBytes: [UInt8]
    var versions: [UInt16: VersionStream] = [:] { didSet { lastNumbered = nil } }
    var waiting: WaitingTable
    var labels: LabelDictionary
    /// Class probabilities of waiting predictions (multiclass only), by id and version.
    var classScores: [WaitingKey: [Float]] = [:]
    /// Drift panes below this number have been handed over.
    var driftClosedBefore: Int64 = .min
    /// Performance panes below this number have been handed over.
    var performanceClosedBefore: Int64 = .min
    private var nextNumber: UInt16 = 0
    private let positiveBytes: [UInt8]
    private var lastVersion: VersionStream?
    private var lastNumbered: VersionStream?

    init(settings: ModelSettings) {
        self.settings = settings
        nameBytes = Array(settings.name.utf8)
        waiting = WaitingTable(maximum: settings.maximumWaiting, isRegression: settings.task == .regression)
        switch settings.task {
        case .binary(let positive): labels = LabelDictionary(configured: [positive])
        case .multiclass(let classes): labels = LabelDictionary(configured: classes)
        case .regression: labels = LabelDictionary(configured: [])
        }
        if case .binary(let positive) = settings.task {
            positiveBytes = Array(positive.utf8)
        } else {
            positiveBytes = []
        }
    }

    /// Whether this is the label of a binary model's positive class.
    func isPositive(_ label: UnsafeRawBufferPointer) -> Bool { positiveBytes.matches(label) }

    /// The stream of a version, begun where it is new; `nil` when there are too many live versions.
    func version(_ name: UnsafeRawBufferPointer, catalog: ReferenceCatalog) -> VersionStream? {
        if let last = lastVersion, last.nameBytes.matches(name) { return last }
        if let known = versions.values.first(where: { $0.nameBytes.matches(name) }) {
            lastVersion = known
            return known
        }
        let key = ModelVersionKey(model: settings.name, version: String(decoding: name, as: UTF8.self))
        // The last number is the join table's for slots that are free.
        guard retireIfFull(), nextNumber < .max else { return nil }
        let begun = begin(key, number: nextNumber, catalog: catalog)
        lastVersion = begun
        return begun
    }

    /// The stream of a version that is still known.
    func version(numbered number: UInt16) -> VersionStream? {
        if let last = lastNumbered, last.number == number { return last }
        lastNumbered = versions[number]
        return lastNumbered
    }

    /// Adds a version under a given number, as a restored checkpoint names it.
    @discardableResult
    func begin(_ key: ModelVersionKey, number: UInt16, catalog: ReferenceCatalog) -> VersionStream {
        let stream = VersionStream(
            key: key, number: number, encoder: catalog.encoder(for: key), segments: settings.segments)
        versions[number] = stream
        nextNumber = max(nextNumber, number &+ 1)
        return stream
    }

    /// Lets versions that were learning adopt a reference that has come into force.
    func adoptReferences(from catalog: ReferenceCatalog) {
        for version in versions.values where version.encoder == nil {
            if let encoder = catalog.encoder(for: version.key) { version.adopt(encoder) }
        }
    }

    /// Makes room for one more version by forgetting the stalest one that has nothing open.
    private func retireIfFull() -> Bool {
        guard versions.count >= settings.maximumVersions else { return true }
        let stalest = versions.values.filter(\.isQuiet).min {
            ($0.newestMicroseconds, $0.number) < ($1.newestMicroseconds, $1.number)
        }
        guard let stalest else { return false }
        versions[stalest.number] = nil
        return true
    }
}

/// A waiting prediction of one version.
struct WaitingKey: Hashable {
    var identifier: EventIdentifier
    var version: UInt16
}
