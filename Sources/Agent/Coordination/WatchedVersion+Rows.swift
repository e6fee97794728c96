import Detection
import Learning
import Retraining
import Statistics
import Windowing

/// A version's rows as wholes: the samples of its closed panes, and what judges them.
struct WatchedRows {
    var samples = PaneStore<PaneRows>()
    /// `nil` where the configuration asks for nothing.
    private(set) var detector: MultivariateDetector?

    init() {}

    init(_ detector: MultivariateDetector?) {
        self.detector = detector
    }

    /// Begins anew at a boundary; samples of later panes stay.
    mutating func restart(at boundary: Int64 = .max) {
        samples.drop(before: boundary)
        detector?.restart()
    }

    /// Puts what a checkpoint holds in the place of this, under today's settings.
    mutating func restore(_ stored: MultivariateDetector?, samples: PaneStore<PaneRows>) {
        guard let settings = detector?.settings, var stored else { return }
        stored.adopt(settings)
        detector = stored
        self.samples = samples
    }

    /// Takes the rows of a reference that has been learned, and samples of the panes after it.
    mutating func adopt(_ reference: String, from learner: ReferenceLearner, lastPane: Int64) {
        guard detector != nil else { return }
        if lastPane != .min {
            detector?.prepare(
                reference: reference,
                rows: MultivariateRows(columnValues: FeatureColumns.columns(of: learner.rows(through: lastPane))))
        }
        for part in learner.samples(after: lastPane, capacity: MultivariateSettings.sampledRows) {
            samples.add(part.rows, pane: part.pane, partition: part.partition)
        }
    }

    mutating func prepare(_ reference: String, rows: () -> MultivariateRows?) {
        guard let detector, !detector.isPrepared(for: reference), let rows = rows(), rows.count > 0 else { return }
        self.detector?.prepare(reference: reference, rows: rows)
    }

    mutating func judge(_ pane: RowPane, reference: String, share: Double) -> [Verdict] {
        detector?.judge(pane: pane, reference: reference, share: share) { reference, window, dispersion in
            do {
                return try BoostedDomainClassifier.compare(
                    reference: reference, window: window, seed: MultivariateDetector.seed, dispersion: dispersion)
            } catch {
                return MultivariateResult(.domainClassifier, status: .error, method: "\(error)")
            }
        } ?? []
    }
}

extension WatchedVersion {
    /// Keeps the sample of a closed pane.
    mutating func collectRows(of pane: ClosedDriftPane) {
        guard rows.detector != nil else { return }
        switch pane.content {
        case .summary:
            if let sample = pane.rows { rows.samples.add(sample, pane: pane.pane, partition: pane.partition) }
        case .learning(_, let learned):
            // Without an encoder the learner keeps them.
            guard encoder != nil,
                let sample = PaneRows(learned: learned, capacity: MultivariateSettings.sampledRows)
            else { return }
            rows.samples.add(sample, pane: pane.pane, partition: pane.partition)
        }
    }

    /// Takes the rows that the version was trained on as those of its reference.
    mutating func prepareRows(_ labelled: [LabelledRow]) {
        guard let encoder else { return }
        rows.prepare(encoder.profile.id) {
            MultivariateRows(
                columnValues: FeatureColumns.columns(
                    of: labelled.sorted { $0.predictionMicroseconds < $1.predictionMicroseconds }))
        }
    }

    /// The evidence intervals of whole rows that the panes closed since the last time complete.
    ///
    /// - Parameters:
    ///   - file: rows of a reference that was read from a table.
    ///   - share: of the model's false-alarm budget.
    mutating func judgeRows(
        closedBefore boundary: Int64, geometry: PaneGeometry, file: MultivariateRows?, share: Double
    ) -> [JudgedWindow] {
        guard let encoder, let detector = rows.detector, boundary != .min else { return [] }
        rows.prepare(encoder.profile.id) { file }
        let first = detector.judgedUntilMicroseconds.map { geometry.pane(at: $0) } ?? .min
        let windows = drift.panes(from: first, before: boundary).compactMap { pane, summary -> JudgedWindow? in
            let closed = RowPane(
                startMicroseconds: geometry.start(of: pane), endMicroseconds: geometry.end(of: pane),
                events: summary.events, rows: rows.samples.window(endingWith: pane, panes: 1))
            let verdicts = rows.judge(closed, reference: encoder.profile.id, share: share)
            guard let verdict = verdicts.first else { return nil }
            return JudgedWindow(
                key: key, kind: .multivariate, startMicroseconds: verdict.windowStart,
                endMicroseconds: verdict.windowEnd, count: verdict.count, verdicts: verdicts)
        }
        rows.samples.drop(before: boundary)
        return windows
    }
}

extension WatchedModel {
    /// The part of the budget that is the columns'.
    var columnShare: Double {
        configuration.multivariateSettings == nil ? 1 : 1 - MultivariateSettings.budgetShare
    }

    func watchedRows(of key: ModelVersionKey) -> WatchedRows {
        WatchedRows(
            configuration.multivariateSettings.map {
                MultivariateDetector(model: key.model, version: key.version, settings: $0)
            })
    }
}

extension Table {
    /// At most so many of the rows, evenly spaced.
    func multivariateRows(limit: Int) -> MultivariateRows {
        let chosen = rowCount > limit ? rows((0..<limit).map { $0 * rowCount / limit }) : self
        return MultivariateRows(
            chosen.columns.map { column in
                switch column.side {
                case .numeric(let values): .init(name: column.name, cells: .numeric(values))
                case .categories(let codes, let names):
                    .init(name: column.name, cells: .categories(codes: codes, names: names))
                }
            })
    }
}
