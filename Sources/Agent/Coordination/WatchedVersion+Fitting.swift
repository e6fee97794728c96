import Detection
import Statistics
import Windowing

/// What a version's state may hold, whatever the configuration or the stream has become.
extension WatchedVersion {
    /// After a restore under another configuration: forgets panes that cannot be added to those to come, because they were
    /// counted on another reference, for another task, or stand for other stretches of time. The partitions read them
    /// again where their own state does not fit either.
    mutating func keepWhatFits(_ settings: ModelSettings, panesAreTheSame: Bool) {
        guard panesAreTheSame else {
            heard = HeardPanes()
            learnedThrough = nil
            drift = PaneStore()
            performance = PaneStore()
            driftSegments = SegmentStore()
            performanceSegments = SegmentStore()
            rows.restart()
            firstWindow.firstPane = nil
            monitor.forgetPanes()
            if learner != nil { learner = ReferenceLearner(wantedEvents: settings.learnedRows) }
            return
        }
        let reference = encoder?.profile.id
        drift.keep { $0.reference == reference }
        driftSegments.keep { $0.reference == reference }
        performance.keep { $0.task == settings.task }
        performanceSegments.keep { $0.task == settings.task }
    }

    /// Nobody judges this version now. Its panes are of no use beyond a window, and being served for good beside the
    /// champion it would else pile them up for good.
    mutating func forgetPanes(driftClosedBefore drift: Int64, pairsClosedBefore pairs: Int64, geometry: PaneGeometry) {
        // Before the first watermark nothing is closed, and the smallest integer minus a window is none.
        if drift != .min {
            self.drift.drop(before: drift - geometry.panesPerWindow)
            labels.estimator?.dropPredictions(before: drift - geometry.panesPerWindow)
            driftSegments.drop(before: drift - geometry.panesPerWindow)
            rows.samples.drop(before: drift)
        }
        if pairs != .min {
            performance.drop(before: pairs - geometry.panesPerWindow)
            labels.drop(before: pairs, geometry: geometry)
            labels.estimator?.dropLabels(before: pairs - geometry.panesPerWindow)
            performanceSegments.drop(before: pairs - geometry.panesPerWindow)
        }
    }
}

extension ReferenceConfiguration {
    var isFile: Bool { if case .file = source { true } else { false } }
}
