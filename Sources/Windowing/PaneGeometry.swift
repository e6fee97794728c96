/// Divides event time into panes, and says how many panes make a window.
///
/// Pane `k` covers `[origin + k·slide, origin + (k+1)·slide)`; the window that ends with pane `k` is the sum of the panes
/// `k − panesPerWindow + 1 … k`. With one pane per window the windows tumble.
public struct PaneGeometry: Sendable, Equatable {
    /// The length of a pane, microseconds.
    public let slideMicroseconds: Int64
    /// Panes in a window, at least one.
    public let panesPerWindow: Int64
    /// A moment at which a pane starts, microseconds since 1970 UTC.
    public let originMicroseconds: Int64

    /// `windowMicroseconds` must be a positive multiple of `slideMicroseconds`; the configuration checks that.
    public init(windowMicroseconds: Int64, slideMicroseconds: Int64, originMicroseconds: Int64 = 0) {
        precondition(slideMicroseconds > 0 && windowMicroseconds > 0 && windowMicroseconds % slideMicroseconds == 0)
        self.slideMicroseconds = slideMicroseconds
        self.panesPerWindow = windowMicroseconds / slideMicroseconds
        self.originMicroseconds = originMicroseconds
    }

    /// The pane that holds a moment.
    public func pane(at timeMicroseconds: Int64) -> Int64 {
        let offset = timeMicroseconds - originMicroseconds
        let quotient = offset / slideMicroseconds
        return offset % slideMicroseconds < 0 ? quotient - 1 : quotient
    }

    /// The first moment of a pane, microseconds since 1970 UTC.
    public func start(of pane: Int64) -> Int64 {
        originMicroseconds + pane * slideMicroseconds
    }

    /// The first moment after a pane, microseconds since 1970 UTC.
    public func end(of pane: Int64) -> Int64 {
        start(of: pane + 1)
    }

    /// The first moment of the window that ends with `pane`, microseconds since 1970 UTC.
    public func windowStart(endingWith pane: Int64) -> Int64 {
        start(of: pane - panesPerWindow + 1)
    }

    /// Panes below this number are over once the watermark stands at `watermark`.
    public func closedBefore(watermark: Int64) -> Int64 {
        watermark == .min ? .min : pane(at: watermark)
    }
}
