import Foundation
import Statistics

/// What is worked out from reference, settings and calibration before the first pane, and nothing but that.
struct CompiledReference: Sendable {
    private(set) var models: [ColumnEvidenceModel] = []
    private(set) var signals: [ColumnSignals] = []
    /// The detectable effects asked for last, per column: they take long to work out and seldom change.
    private var effects: [(samples: Double, seen: Double, logBound: Double, effect: DetectableEffect?)?] = []

    /// How many intervals a detectable effect may take to be found.
    static let windows = 24

    /// Nothing yet: after a restore.
    init() {}

    init(_ reference: ReferenceProfile, settings: DriftDetectorSettings, calibration: DetectorCalibration) {
        models = reference.allColumns.enumerated().map { index, column in
            ColumnEvidenceModel(
                reference: column, minimumSample: settings.minimumSample, smallest: settings.smallest,
                dispersion: calibration.dispersions?[index] ?? .independent)
        }
        signals = reference.allColumns.map { ColumnSignals(reference: $0) }
        effects = models.map { _ in nil }
    }

    var isEmpty: Bool { models.isEmpty }

    /// For sample sizes rounded down to a power of 1.25, so that it is the same for intervals of about one size, and
    /// stated rather too large than too small.
    /// - Parameter seen: events that the column's baseline has seen.
    mutating func detectable(column: Int, samples: Double, seen: Double, logBound: Double) -> DetectableEffect? {
        let (samples, seen) = (Self.rounded(samples), Self.rounded(seen))
        if let known = effects[column], known.samples == samples, known.seen == seen, known.logBound == logBound {
            return known.effect
        }
        let effect = models[column].detectableEffect(
            samples: samples, windows: Self.windows, logBound: logBound, seen: seen)
        effects[column] = (samples, seen, logBound, effect)
        return effect
    }

    private static func rounded(_ count: Double) -> Double {
        count < 1 ? 0 : pow(1.25, (log(count) / log(1.25) + 1e-9).rounded(.down))
    }
}

extension EmpiricalColumn {
    /// The shift, or the share moved, at which every other interval at least has the p-value that reaches the bound
    /// when it comes 24 times; for location scores taken as shifts of a normal column.
    func detectable(_ signals: ColumnSignals, logBound: Double) -> DetectableEffect? {
        let wanted = logBound / Double(CompiledReference.windows)
        // The e-value falls with p: bisection on the logarithm of p.
        var (low, high) = (-40.0, 0.0)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if EvidenceCalibrator.logEValue(ofPValue: exp(middle)) >= wanted { low = middle } else { high = middle }
        }
        if let location = signals.isLocation.firstIndex(of: true) {
            return effect(ofSignal: location, pValue: exp(low)).map { .shift(deviations: $0 / 0.977) }
        }
        let shares = self.signals.indices.filter { signals.isCategory[$0] }.map { index in
            effect(ofSignal: index, pValue: exp(low)).map { $0 * signals.deviations[index] }
        }
        let known = shares.compactMap(\.self)
        return known.count == shares.count ? known.max().map { .share($0) } : nil
    }
}
