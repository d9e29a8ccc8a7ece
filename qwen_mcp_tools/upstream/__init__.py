"""What every upstream needs: judged connections, bounded bodies, patience with limits."""
