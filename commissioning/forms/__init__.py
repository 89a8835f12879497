"""The forms of the ground floor. They check shape; services check meaning."""
