import Detection
import Statistics
import Windowing

extension ReferenceChunks {
    /// Summaries of a reference's own panes, in order of time.
    init(_ summaries: [(pane: Int64, summary: PaneSummary)], geometry: PaneGeometry) {
        self.init(
            paneMicroseconds: geometry.slideMicroseconds,
            chunks: summaries.map { Chunk(startMicroseconds: geometry.start(of: $0.pane), summary: $0.summary) })
    }
}
